import type { BusPort, BusState } from '../ports/bus.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import { createBackOff } from './backoff.ts';
import type { Binding } from './binding.ts';
import { adviceFor, plain, shuffled } from './brokers.ts';
import type { MessageResult, ReceiveDeps } from './receive.ts';
import { runSession, type SessionDeps, UndecodableFrame } from './session.ts';
import { type BusTls, readTls } from './tls.ts';

export type { MessageResult } from './receive.ts';
export { UnusablePem } from './tls.ts';

/** A session that lasted this long was a good one: the next attempt comes at once. */
const STEADY_MS = 10_000;
/** So many sessions in a row that end at what cannot be decoded are the doing of one message. */
const UNDECODABLE = 3;

export interface ConsumerDeps extends ReceiveDeps {
  /** Of one cluster; the next is taken at each failure. */
  readonly urls: readonly string[];
  readonly tls?: BusTls | undefined;
  readonly binding: Binding;
  readonly clock: Clock;
  /** 0–1, for the jitter between attempts. */
  readonly random: () => number;
  /** Bound, for the first time or again: what came in between was not heard. */
  readonly onBound: () => void;
  readonly onState: (state: BusState) => void;
}

/**
 * Consumes a queue of our own, for as long as the signal lets it.
 * @throws UnusablePem at once where a file of `tls` cannot be used
 */
export function createConsumer(deps: ConsumerDeps): BusPort {
  const { clock, log, tls = {} } = deps;
  readTls(tls);
  const brokers = shuffled(deps.urls, deps.random);
  const backOff = createBackOff(deps.random);
  /** What each broker was last lost with, so that one that stays away is told of once. */
  const told = new Map<string, string>();
  let state: BusState = { consuming: false, bound: false, lastError: null };
  let undecodable = 0;

  function become(change: Partial<BusState>): void {
    state = { ...state, ...change };
    if (change.consuming) told.clear();
    deps.onState(state);
  }

  const session: SessionDeps = {
    ...deps,
    state: () => state,
    become,
    onMessages(result: MessageResult, count: number) {
      undecodable = 0;
      deps.onMessages(result, count);
    },
  };

  async function attempt(index: number, signal: AbortSignal): Promise<void> {
    const broker = brokers[index % brokers.length];
    if (!broker) throw new Error('a bus needs a url');
    const beganMs = clock.monotonicMs();
    const purge = undecodable >= UNDECODABLE;
    if (purge) undecodable = 0;
    try {
      await runSession(session, { broker, tls: readTls(tls), purge }, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UndecodableFrame) undecodable++;
      const lastError = plain(error, broker);
      const hint = adviceFor(error, broker, deps.binding);
      if (told.get(broker.name) !== lastError) log.warn('bus.lost', { broker: broker.name, error: lastError, ...hint });
      told.set(broker.name, lastError);
      become({ consuming: false, bound: false, lastError });
      if (clock.monotonicMs() - beganMs >= STEADY_MS) backOff.reset();
      await sleep(clock, backOff.nextMs(), signal);
    }
  }

  return {
    state: () => state,
    async loop(signal) {
      for (let index = 0; !signal.aborted; index++) await attempt(index, signal);
    },
  };
}
