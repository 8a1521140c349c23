import { systemClock } from '../../daemon/clock.ts';
import { createConsumer } from '../../daemon/intake/consumer.ts';
import type { Parse } from '../../daemon/intake/message.ts';
import type { BusTls } from '../../daemon/intake/tls.ts';
import type { BusState } from '../../daemon/ports/bus.ts';
import type { Clock } from '../../daemon/ports/clock.ts';
import type { Note } from '../../daemon/ports/notes.ts';

export interface ListenerOptions {
  readonly url: string;
  /** In place of the one url. */
  readonly urls?: readonly string[];
  readonly tls?: BusTls;
  readonly parse?: Parse;
  readonly queue: string;
  readonly declare?: 'never' | 'durable' | 'transient';
  readonly clock?: Clock;
  /** In place of a store: durable when it resolves. */
  readonly store?: (notes: readonly Note[]) => Promise<'noted' | 'overflow' | undefined>;
}

/** The daemon's consumer with a store in memory, and all it says. */
export interface Listener {
  /** Instances noted, in order, however often. */
  readonly noted: readonly string[];
  /** Backups said to be deleted; each counts as a point of ours. */
  readonly suspects: readonly string[];
  readonly lines: readonly { readonly event: string; readonly atMs: number; readonly [fact: string]: unknown }[];
  readonly results: readonly string[];
  readonly state: () => BusState;
  /** How often the whole region was to be looked at: since it was bound anew, or since the notes overflowed. */
  readonly looks: () => { readonly bound: number; readonly overflow: number };
  count(event: string): number;
  /** Resolves as soon as it is so; looked at whenever something happens. */
  when(what: (listener: Listener) => boolean, withinMs?: number): Promise<void>;
  /** As on SIGTERM; resolves when the consumer is done. */
  stop(): Promise<void>;
}

export function listen(options: ListenerOptions): Listener {
  const { url, urls = [url], queue, declare = 'never', clock = systemClock, store, tls, parse } = options;
  const noted: string[] = [];
  const suspects: string[] = [];
  const lines: { event: string; atMs: number }[] = [];
  const results: string[] = [];
  const watchers = new Set<() => void>();
  const happened = (): void => {
    for (const look of [...watchers]) look();
  };
  const say = (event: string, facts?: Readonly<Record<string, unknown>>): void => {
    lines.push({ ...facts, event, atMs: performance.now() });
    happened();
  };
  let overflows = 0;
  let looks = 0;
  const consumer = createConsumer({
    urls,
    tls,
    parse,
    binding: { queue, exchange: 'trove', topic: 'notifications', declare },
    notes: {
      note: async (notes) => {
        const result = (await store?.(notes)) ?? 'noted';
        noted.push(...notes.map(({ instanceId }) => instanceId));
        happened();
        return result;
      },
      pendingNotes: async () => [],
      settleNotes: async () => undefined,
    },
    points: {
      suspect: async (ids) => {
        suspects.push(...ids);
        return true;
      },
    },
    clock,
    log: { info: say, warn: say, error: say },
    random: Math.random,
    onNotes: () => undefined,
    onSuspects: happened,
    onOverflow: () => {
      overflows++;
    },
    onBound: () => {
      looks++;
    },
    onMessages: (result, count) => {
      results.push(...Array.from({ length: count }, () => result));
      happened();
    },
    onState: happened,
  });
  const stopping = new AbortController();
  const ended = consumer.loop(stopping.signal);
  const listener: Listener = {
    noted,
    suspects,
    lines,
    results,
    state: () => consumer.state(),
    looks: () => ({ bound: looks, overflow: overflows }),
    count: (event) => lines.filter((line) => line.event === event).length,
    when: (what, withinMs = 15_000) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          watchers.delete(look);
          settle();
        };
        const look = (): void => {
          if (what(listener)) end(resolve);
        };
        const timer = setTimeout(() => {
          const seen = JSON.stringify({ lines, results, noted, state: consumer.state() });
          end(() => reject(new Error(`not so within ${withinMs} ms: ${what}; ${seen}`)));
        }, withinMs);
        watchers.add(look);
        look();
      }),
    stop: async () => {
      const reason = new Error('the daemon stops');
      stopping.abort(reason);
      await ended.catch((error: unknown) => {
        if (error !== reason && (error as Error).name !== 'AbortError') throw error;
      });
    },
  };
  return listener;
}

export const bound = (listener: Listener): boolean => listener.state().bound && listener.state().consuming;
