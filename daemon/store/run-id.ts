import { randomUUID } from 'node:crypto';
import type { Instant } from '../../lib/core/index.ts';

/** What the ids of runs begin with that are claimed at an instant: no id of an earlier one comes after it. */
export function runIdTime(instant: Instant): string {
  const time = Math.trunc(instant).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** A UUID of version 7 (RFC 9562): in the order of time, so that new rows lie together and not all over a large table. */
export const newRunId = (nowUtc: Instant): string => `${runIdTime(nowUtc)}-7${randomUUID().slice(15)}`;
