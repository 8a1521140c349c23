import { ExitError } from '../../exit.ts';
import type { Api, Operation } from './server.ts';

export interface ApiServer {
  readonly address: string;
  readonly operations: readonly Operation[];
  /** Takes no more; what is under way is answered, but not waited for longer than the grace. */
  close(): Promise<void>;
}

/** Answers that take longer are cut when the daemon stops: the work itself has a limit of its own there. */
const GRACE_MS = 1_000;

/** @throws ExitError 78 where the address cannot be had */
export async function listenApi(api: Api, { host, port }: { host: string; port: number }): Promise<ApiServer> {
  try {
    const address = await api.listen({ host, port });
    return { address, operations: api.operations, close: () => close(api) };
  } catch (error) {
    await api.close();
    const { code } = error as NodeJS.ErrnoException;
    const text = `http.listen ${host}:${port} cannot be opened (${code})`;
    throw new ExitError('config', `${text}; choose a free address, or port 0 for any`, { cause: error });
  }
}

async function close(api: Api): Promise<void> {
  const cut = setTimeout(() => api.server.closeAllConnections(), GRACE_MS);
  await api.close();
  clearTimeout(cut);
}
