import type { Operations } from '../../http/contract/operations.ts';
import { language } from '../i18n/language.ts';
import { type Answer, type Failure, failureOf, unreachable } from './failure.ts';
import { noteServiceTime } from './now.ts';
import { noteAnswer, noteSilence } from './reach.ts';

export type OperationName = keyof Operations;
export type ValueOf<K extends OperationName> = Operations[K]['answer'];

export interface Wish<K extends OperationName> {
  /** For `{id}` in the path. */
  readonly id?: string;
  readonly query?: Readonly<Partial<Record<Operations[K]['query'], string | number | boolean | null | undefined>>>;
  readonly body?: Operations[K]['body'];
  /** Only if it still is as it was read. */
  readonly ifMatch?: string | null;
  /** Sent again, it does nothing a second time: so it may be sent again. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

const DEADLINE_MS = 20_000;
const RETRIES = 2;
const PAUSE_MS = 400;
const PASSING = new Set([429, 502, 503, 504]);
const LONGEST_PAUSE_MS = 5_000;

/** What the session gives to each request. It sets them itself: the client knows no session. */
export const credentials = {
  csrf: null as string | null,
  /** Asks the viewer to sign in again; false: he would not. */
  renew: (): Promise<boolean> => Promise.resolve(false),
  /** Another tab has signed in meanwhile, and this one does not know its token yet. */
  reread: (): Promise<boolean> => Promise.resolve(false),
};

function address<K extends OperationName>(path: string, { id, query }: Wish<K>): URL {
  const url = new URL(path.replace('{id}', encodeURIComponent(id ?? '')), document.baseURI);
  url.hash = '';
  for (const [name, value] of Object.entries<string | number | boolean | null | undefined>(query ?? {}))
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  return url;
}

function headersOf<K extends OperationName>({ body, ifMatch, idempotencyKey }: Wish<K>): Headers {
  const headers = new Headers({ accept: 'application/json', 'accept-language': language.value });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (credentials.csrf) headers.set('x-csrf-token', credentials.csrf);
  if (ifMatch) headers.set('if-match', ifMatch);
  if (idempotencyKey) headers.set('idempotency-key', idempotencyKey);
  return headers;
}

async function once<K extends OperationName>(operation: K, wish: Wish<K>): Promise<Answer<ValueOf<K>>> {
  const [method = 'GET', path = ''] = operation.split(' ');
  const signals = [AbortSignal.timeout(DEADLINE_MS), ...(wish.signal ? [wish.signal] : [])];
  const body = wish.body === undefined ? {} : { body: JSON.stringify(wish.body) };
  const request = { method, headers: headersOf(wish), signal: AbortSignal.any(signals), ...body };
  try {
    const response = await fetch(address(path, wish), { ...request, credentials: 'same-origin', cache: 'no-store' });
    noteAnswer();
    noteServiceTime(response.headers.get('date'));
    if (!response.ok) return { ok: false, failure: await failureOf(response) };
    const text = await response.text();
    const value = (text === '' ? null : JSON.parse(text)) as ValueOf<K>;
    return { ok: true, value, etag: response.headers.get('etag') };
  } catch (error) {
    if (!wish.signal?.aborted) noteSilence();
    return { ok: false, failure: unreachable(error) };
  }
}

/** How long to wait before it is sent again; null: it is not. What may change something twice is sent once. */
function pauseBefore<K extends OperationName>(operation: K, wish: Wish<K>, failure: Failure, tries: number) {
  const isHarmless = operation.startsWith('GET ') || wish.idempotencyKey !== undefined;
  const isPassing = failure.kind === 'unreachable' || PASSING.has(failure.status);
  if (!isHarmless || !isPassing || tries >= RETRIES || wish.signal?.aborted) return null;
  const pause = failure.retryAfterMs ?? PAUSE_MS * 2 ** tries * (1 + Math.random());
  return pause <= LONGEST_PAUSE_MS ? pause : null;
}

async function patiently<K extends OperationName>(operation: K, wish: Wish<K>): Promise<Answer<ValueOf<K>>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await once(operation, wish);
    if (answer.ok) return answer;
    const pause = pauseBefore(operation, wish, answer.failure, tries);
    if (pause === null) return answer;
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

/** Sends it; where the session has ended, asks the viewer to sign in again and goes on from where it was. */
export async function call<K extends OperationName>(operation: K, wish: Wish<K> = {}): Promise<Answer<ValueOf<K>>> {
  const answer = await patiently(operation, wish);
  if (answer.ok || operation.endsWith(' v1/session')) return answer;
  const { status, title } = answer.failure;
  const mends = status === 401 ? credentials.renew : title === 'csrf' ? credentials.reread : null;
  return mends && (await mends()) ? patiently(operation, wish) : answer;
}
