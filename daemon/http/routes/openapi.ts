import type { Routes } from '../api/server.ts';
import { describeApi } from '../openapi/document.ts';
import { renderApi, STYLE } from '../openapi/page.ts';

const CONTENT_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the service takes and gives, for programs and for people. Written down when it is first asked for. */
export const openApiRoutes: Routes = (api) => {
  const options = { config: { rule: 'public' }, schema: { hide: true } } as const;
  const made = once(() => {
    const document = describeApi(api.operations);
    return { json: JSON.stringify(document), page: renderApi(document) };
  });
  api.get('/v1/openapi.json', options, (_request, reply) => reply.type('application/json').send(made().json));
  api.get('/v1/docs', options, (_request, reply) =>
    reply.header('content-security-policy', CONTENT_POLICY).type('text/html; charset=utf-8').send(made().page),
  );
  api.get('/v1/docs.css', options, (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
};

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
