import fastify from 'fastify';
import type { Registry } from 'prom-client';
import { ExitError } from '../exit.ts';
import { type Checks, report } from '../observe/health.ts';

export interface OpsOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  /** Alive: every loop runs. */
  readonly live: Checks;
  /** Ready: the bus and the cloud answer too. */
  readonly ready: Checks;
}

export interface OpsServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Health and metrics on a listener of their own: they tell of every project, so tenants must not reach them. */
export async function startOps({ host, port, registry, live, ready }: OpsOptions): Promise<OpsServer> {
  const server = fastify({ logger: false, forceCloseConnections: true });
  for (const [path, checks] of [
    ['/healthz', live],
    ['/readyz', ready],
  ] as const) {
    server.get(path, async (_request, reply) => {
      const { ok, parts } = report(checks);
      return reply.code(ok ? 200 : 503).send({ ok, parts });
    });
  }
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  try {
    const address = await server.listen({ host, port });
    return { address, close: () => server.close() };
  } catch (error) {
    const text = `http.ops_listen ${host}:${port} cannot be opened (${(error as NodeJS.ErrnoException).code})`;
    throw new ExitError('config', `${text}; choose a free address, or port 0 for any`, { cause: error });
  }
}
