import { signal } from '@preact/signals';

const TICK_MS = 15_000;

/** A clock that is off by no more than this is right: an answer takes its time. */
const RIGHT_MS = 120_000;

let aheadMs = 0;

/** The service's clock, by its last answer, for what is told relative to now: the viewer's may be wrong. */
export const now = signal(Date.now());

/** `date` as the header of an answer says it. */
export function noteServiceTime(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now();
  if (Number.isNaN(ahead)) return;
  const before = aheadMs;
  aheadMs = Math.abs(ahead) > RIGHT_MS ? ahead : 0;
  if (Math.abs(aheadMs - before) > RIGHT_MS) now.value = Date.now() + aheadMs;
}
setInterval(() => {
  if (!document.hidden) now.value = Date.now() + aheadMs;
}, TICK_MS);
document.addEventListener('visibilitychange', () => {
  now.value = Date.now() + aheadMs;
});
