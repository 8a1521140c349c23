import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { IdentityPort, Subject } from './identity.ts';

/** Of a good token Keystone is asked again after this at the latest: so long a revoked one is still let in. */
const GOOD_MS = 60_000;
/** Of a bad one after this: a role that was just given is not to be waited for. */
const BAD_MS = 10_000;
const MANY = 10_000;
/** Questions to Keystone under way at once. */
const MOST_FLIGHTS = 64;

interface Entry<T> {
  readonly value: T;
  readonly untilMs: number;
}

export class TooManyQuestions extends Error {
  override readonly name = 'TooManyQuestions';
}

export interface KnownTokens {
  /** What is known without asking: null of a bad one, undefined where Keystone has to be asked. */
  recall(token: string): Subject | null | undefined;
  /** As `recall`; else Keystone is asked, once for all who ask meanwhile. @throws OpenStackError, TooManyQuestions */
  find(token: string): Promise<Subject | null>;
}

/** Tokens by their SHA-256: no token itself is kept. What Keystone could not say is not remembered. */
export function createKnownTokens(identity: IdentityPort, clock: Pick<Clock, 'nowUtc' | 'monotonicMs'>): KnownTokens {
  // Apart, so that guesses push out no good one.
  const good = new Map<string, Entry<Subject>>();
  const bad = new Map<string, Entry<null>>();
  const flights = new Map<string, Promise<Subject | null>>();

  function recallKey(key: string): Subject | null | undefined {
    const entry = good.get(key) ?? bad.get(key);
    if (entry === undefined || entry.untilMs <= clock.monotonicMs()) return undefined;
    // Its end is told by the wall clock, which may have been set meanwhile.
    return entry.value !== null && isOver(entry.value) ? null : entry.value;
  }

  const isOver = ({ token }: Subject): boolean => token.expiresUtc <= clock.nowUtc();

  async function ask(key: string, token: string): Promise<Subject | null> {
    const askedMs = clock.monotonicMs();
    const found = await identity.look(token);
    const subject = found === null || isOver(found) ? null : found;
    good.delete(key);
    bad.delete(key);
    if (subject === null) put(bad, key, { value: null, untilMs: askedMs + BAD_MS });
    else put(good, key, { value: subject, untilMs: askedMs + GOOD_MS });
    return subject;
  }

  return {
    recall: (token) => recallKey(keyOf(token)),
    async find(token) {
      const key = keyOf(token);
      const known = recallKey(key);
      if (known !== undefined) return known;
      const running = flights.get(key);
      if (running) return await running;
      if (flights.size >= MOST_FLIGHTS) throw new TooManyQuestions('too many tokens are being looked up at once');
      const flight = ask(key, token).finally(() => flights.delete(key));
      flights.set(key, flight);
      return await flight;
    },
  };
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** The oldest goes first: all live equally long. */
function put<T>(into: Map<string, Entry<T>>, key: string, entry: Entry<T>): void {
  into.set(key, entry);
  if (into.size <= MANY) return;
  const [oldest] = into.keys();
  if (oldest !== undefined) into.delete(oldest);
}
