import { isIPv6 } from 'node:net';
import type { Clock } from '../../ports/clock.ts';

const MINUTE_MS = 60_000;
const MANY = 20_000;

/** So many a minute for each key, all at once if need be; they come back evenly. */
export interface Rates {
  /** Takes one; else how long it is until there is one again. */
  take(key: string): number;
  giveBack(key: string): void;
}

/** `perMinute` may change at any time. Keys that have all of theirs are forgotten; of too many others the oldest. */
export function createRates(perMinute: () => number, clock: Pick<Clock, 'monotonicMs'>): Rates {
  /** When all of a key's will have come back. */
  const fullMs = new Map<string, number>();
  let sweepAt = MANY;

  function sweep(nowMs: number): void {
    for (const [key, full] of fullMs) if (full <= nowMs) fullMs.delete(key);
    for (const key of fullMs.keys()) {
      if (fullMs.size <= MANY) break;
      fullMs.delete(key);
    }
    // Looked at again when some have come: never at each request.
    sweepAt = Math.max(MANY, fullMs.size) + 1_000;
  }

  return {
    take(key) {
      const nowMs = clock.monotonicMs();
      const eachMs = MINUTE_MS / perMinute();
      const full = Math.max(fullMs.get(key) ?? 0, nowMs) + eachMs;
      if (full - nowMs > MINUTE_MS) return full - nowMs - MINUTE_MS;
      fullMs.set(key, full);
      if (fullMs.size > sweepAt) sweep(nowMs);
      return 0;
    },
    giveBack(key) {
      const full = fullMs.get(key);
      if (full !== undefined) fullMs.set(key, full - MINUTE_MS / perMinute());
    },
  };
}

/** Whoever has one address of IPv6 has a whole /64 of them. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = (ip.split('%')[0] ?? '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
