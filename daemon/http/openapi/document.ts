import { z } from 'zod';
import type { Operation } from '../api/server.ts';
import { errorSchema } from '../contract/common.ts';
import { createSchemas, type JsonSchema, type Schemas } from './schemas.ts';

export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

export interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** The rule that must allow it. */
  readonly 'x-rule': string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
export interface ResponseObject {
  readonly description: string;
  readonly content?: Content;
}

const DESCRIPTION = `Automatic backups of the Trove databases of a project. The project is that of the token; another project's ids
answer as ids that nobody has. Times are UTC, durations ISO 8601.`;

const SECURITY = {
  token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token', description: 'A Keystone token of a project' },
};

const ERRORS = {
  400: 'The request is not valid; the message names the field',
  401: 'No token, or none that Keystone knows',
  403: 'The roles do not allow it',
  404: 'The project has no such thing',
  413: 'The body is longer than 64 KiB',
  415: 'The body is not application/json',
  429: 'Too many requests; Retry-After says how long to wait',
  500: 'A fault of the service',
  503: 'Keystone or Trove does not answer; nothing was changed',
} as const;

/** What the routes take and give, as OpenAPI 3.1, from the schemas that check it. */
export function describeApi(operations: readonly Operation[]): OpenApi {
  const schemas = createSchemas();
  const shown = operations.filter(({ schema, method }) => schema?.hide !== true && method !== 'HEAD');
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const operation of shown.toSorted((one, other) => (one.url < other.url ? -1 : 1))) {
    const path = operation.url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation, path, schemas) };
  }
  const { whole, components } = schemas.finish(paths);
  return {
    openapi: '3.1.1',
    info: { title: 'trove-autobackup', version: 'v1', description: DESCRIPTION },
    // Beside this document, so that it holds behind a proxy's sub-path too.
    servers: [{ url: '..' }],
    paths: whole,
    components: { schemas: components, securitySchemes: SECURITY },
  };
}

function describeOperation(
  { method, url, rule, schema = {} }: Operation,
  path: string,
  schemas: Schemas,
): OperationObject {
  const { body, params, querystring, headers, response, summary = '', tags = [], description } = schema;
  const isPublic = rule === 'public';
  return {
    operationId: operationId(method, url),
    summary,
    ...(description !== undefined && { description }),
    tags: [...tags],
    parameters: [
      ...parametersOf('path', params, schemas),
      ...parametersOf('query', querystring, schemas),
      ...parametersOf('header', headers, schemas),
    ],
    ...(body instanceof z.ZodType && {
      requestBody: { required: !body.safeParse(undefined).success, content: json(schemas.of(body, 'input')) },
    }),
    responses: {
      ...answersOf(response, schemas),
      ...errorsOf({ isPublic, hasBody: body !== undefined, hasId: path.includes('{') }, schemas),
    },
    security: isPublic ? [] : [{ token: [] }],
    'x-rule': rule,
  };
}

/** `GET /v1/instances/:id/schedule` → `get-instances-id-schedule` */
const operationId = (method: string, url: string): string =>
  [method.toLowerCase(), ...url.split('/').slice(2)].join('-').replaceAll(':', '');

const json = (schema: JsonSchema): Content => ({ 'application/json': { schema } });

function parametersOf(where: Parameter['in'], schema: unknown, schemas: Schemas): readonly Parameter[] {
  if (!(schema instanceof z.ZodType)) return [];
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(typeof description === 'string' && { description }),
    schema: rest,
  }));
}

function answersOf(response: unknown, schemas: Schemas): Readonly<Record<string, ResponseObject>> {
  const answers: Record<string, ResponseObject> = {};
  for (const [status, given] of Object.entries((response ?? {}) as Readonly<Record<string, unknown>>)) {
    const description = status.startsWith('2') ? 'Done' : (ERRORS[Number(status) as keyof typeof ERRORS] ?? 'Refused');
    answers[status] = { description, ...contentOf(given, schemas) };
  }
  return answers;
}

/** A schema is of JSON; a table of content types says so itself; nothing at all has no content. */
function contentOf(given: unknown, schemas: Schemas): { readonly content?: Content } {
  if (given instanceof z.ZodType) {
    const isNothing = given instanceof z.ZodUndefined || given instanceof z.ZodVoid || given instanceof z.ZodNull;
    return isNothing ? {} : { content: json(schemas.of(given, 'output')) };
  }
  const { content = {} } = given as { readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>> };
  const entries = Object.entries(content).map(([type, { schema }]) => [type, { schema: schemas.of(schema, 'output') }]);
  return { content: Object.fromEntries(entries) as Content };
}

interface Facts {
  readonly isPublic: boolean;
  readonly hasBody: boolean;
  readonly hasId: boolean;
}

function errorsOf({ isPublic, hasBody, hasId }: Facts, schemas: Schemas): Readonly<Record<string, ResponseObject>> {
  const content = json(schemas.of(errorSchema, 'output'));
  const possible = [
    400,
    ...(isPublic ? [] : [401, 403]),
    ...(hasId ? [404] : []),
    ...(hasBody ? [413, 415] : []),
    429,
    500,
    ...(isPublic ? [] : [503]),
  ] as const;
  const errors = possible.map((status) => [status, { description: ERRORS[status as keyof typeof ERRORS], content }]);
  return { ...Object.fromEntries(errors), default: { description: 'Any other error', content } };
}
