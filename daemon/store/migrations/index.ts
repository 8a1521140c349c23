import { initial } from './0001-initial.ts';
import { deletions } from './0002-deletions.ts';
import { queues } from './0003-queues.ts';
import { living } from './0004-living.ts';
import { points } from './0005-points.ts';
import { confirmed } from './0006-confirmed.ts';

import { freedSlots } from './0007-freed-slots.ts';
import { retention } from './0008-retention.ts';

/** In order; the schema version is how many were applied. A released one is never edited. */
export const migrations: readonly string[] = [
  initial,
  deletions,
  queues,
  living,
  points,
  confirmed,
  freedSlots,
  retention,
];
