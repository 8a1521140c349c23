import type { DurationMs, Instant } from './model.ts';

/** A time in which nothing could be pruned, so that what is kept for a time does not age either. */
export interface Standstill {
  readonly fromUtc: Instant;
  /** null while it lasts. */
  readonly toUtc: Instant | null;
}

interface Span {
  readonly fromUtc: Instant;
  readonly toUtc: Instant;
}

/** In order, none that touches another, and nothing of what is still to come. */
function spans(standstills: readonly Standstill[], nowUtc: Instant): readonly Span[] {
  const found: { fromUtc: Instant; toUtc: Instant }[] = [];
  const past = standstills
    .map(({ fromUtc, toUtc }) => ({ fromUtc, toUtc: Math.min(toUtc ?? nowUtc, nowUtc) }))
    .filter(({ fromUtc, toUtc }) => fromUtc < toUtc)
    .sort((a, b) => a.fromUtc - b.fromUtc);
  for (const span of past) {
    const last = found.at(-1);
    if (last && span.fromUtc <= last.toUtc) last.toUtc = Math.max(last.toUtc, span.toUtc);
    else found.push(span);
  }
  return found;
}

/** What is of this instant, or from before it, is older than `ageMs` now; standstills do not count. */
export function agedSince(nowUtc: Instant, ageMs: DurationMs, standstills: readonly Standstill[]): Instant {
  let [atUtc, leftMs] = [nowUtc, ageMs];
  for (const { fromUtc, toUtc } of spans(standstills, nowUtc).toReversed()) {
    if (atUtc - toUtc >= leftMs) break;
    leftMs -= atUtc - toUtc;
    atUtc = fromUtc;
  }
  return atUtc - leftMs;
}

/** When what is of an instant is so old, if no standstill comes but those that are known now. */
export function agedUntil(
  fromUtc: Instant,
  ageMs: DurationMs,
  standstills: readonly Standstill[],
  nowUtc: Instant,
): Instant {
  let [atUtc, leftMs] = [fromUtc, ageMs];
  for (const span of spans(standstills, nowUtc)) {
    if (span.toUtc <= atUtc) continue;
    const untilMs = Math.max(0, span.fromUtc - atUtc);
    if (leftMs <= untilMs) break;
    leftMs -= untilMs;
    atUtc = span.toUtc;
  }
  return atUtc + leftMs;
}
