/** A project's user, who makes and drops databases over HTTP and knows nothing of backups. */
export interface Tenant {
  readonly projectId: string;
  createDatabase(database: { name: string; datastore: string; master: string | null }): Promise<void>;
  deleteDatabase(id: string): Promise<void>;
}

const TRIES = 100;
const BUSY = 422;
const PAUSE_MS = 50;

/** `name` is the user's name and password. */
export function tenantOf({ url, projectId, name }: { url: string; projectId: string; name: string }): Tenant {
  const domain = { name: 'Default' };

  async function login(): Promise<string> {
    const user = { name, password: name, domain };
    const identity = { methods: ['password'], password: { user } };
    const auth = { identity, scope: { project: { id: projectId } } };
    const answer = await send(`${url}/identity/v3/auth/tokens`, 'POST', { auth }, {});
    return answer.headers.get('x-subject-token') ?? '';
  }

  /** An instance that is busy, as with a backup, takes no orders: people try again. */
  async function order(method: string, path: string, body?: unknown): Promise<void> {
    const token = await login();
    for (let tries = 1; ; tries++) {
      const to = `${url}/database/v1.0/${projectId}/${path}`;
      const { status, ok } = await send(to, method, body, { 'x-auth-token': token });
      if (ok) return;
      if (status !== BUSY || tries >= TRIES) throw new Error(`${method} ${path} as ${name}: ${status}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  return {
    projectId,
    createDatabase({ name: instance, datastore, master }) {
      // A replica takes all but its name from its master.
      const own = { flavorRef: '1', volume: { size: 5 }, datastore: { type: datastore } };
      return order('POST', 'instances', {
        instance: { name: instance, ...(master === null ? own : { replica_of: master }) },
      });
    },
    deleteDatabase: (id) => order('DELETE', `instances/${id}`),
  };
}

async function send(to: string, method: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  const init: RequestInit = { method, headers: { ...headers, 'content-type': 'application/json' } };
  const answer = await fetch(to, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer;
}
