import { randomUUID } from 'node:crypto';
import type { Instant } from '../../lib/core/index.ts';

/** A UUID of version 7 (RFC 9562): in the order of time, so that new rows lie together and not all over a large table. */
export function newRunId(nowUtc: Instant): string {
  const time = Math.trunc(nowUtc).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
