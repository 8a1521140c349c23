import type { Answer } from '../http/answer.ts';
import type { Scene } from './scene.ts';

const DAILY = { every: 'day', window: '22:00-06:00', zone: 'Asia/Ho_Chi_Minh', keep: { within: '1d' } };
const daily = {
  name: 'daily',
  select: { projects: ['demo@Default'] },
  first_within: '2s',
  tenant_may: { window: true },
  ...DAILY,
};
/** Of which all but the newest are marked, and go after an hour. */
const few = { ...daily, name: 'few', select: { names: ['carts'] }, keep: { last: 1 } };
const often = { name: 'often', select: { names: ['carts'] }, first_within: '2s', every: '6s', max_incrementals: 0 };

/** A daemon with a web service, whose policies leave the project `demo` time for what its users do. */
export const SERVED = {
  http: { listen: '127.0.0.1:0' },
  reconcile: { every: '5s' },
  prune: { grace: '1h', quarantine: '0s' },
  policies: [often, daily],
};

/** An instance with more backups than its policy keeps; the daemon is not running then. */
export async function withSurplus(scene: Scene): Promise<string> {
  const { daemon, configure } = scene.stage;
  await daemon.start();
  const id = await scene.instance('carts');
  await scene.completed(id, 3);
  await daemon.end('SIGTERM');
  configure({ policies: [few, daily] });
  return id;
}

/** Where the web service of the running daemon listens. */
export const apiOf = ({ stage }: Scene): string =>
  String(stage.daemon.lines.findLast(({ event }) => event === 'daemon.started')?.['api']);

export interface Sent {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of a real service: its body is of the contract, which the service itself holds it to. */
export type Answered = Pick<Answer, 'status' | 'body'>;

/** The API as any of OpenStack's clients asks it: with a token alone. `path` begins after `/v1/`. */
export async function ask(
  scene: Scene,
  token: string,
  method: string,
  path: string,
  { body, headers }: Sent = {},
): Promise<Answered> {
  const answer = await fetch(`${apiOf(scene)}/v1/${path}`, {
    method,
    headers: { 'x-auth-token': token, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}
