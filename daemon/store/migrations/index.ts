import { initial } from './0001-initial.ts';
import { deletions } from './0002-deletions.ts';
import { queues } from './0003-queues.ts';
import { living } from './0004-living.ts';
import { points } from './0005-points.ts';
import { confirmed } from './0006-confirmed.ts';
import { freedSlots } from './0007-freed-slots.ts';
import { retention } from './0008-retention.ts';
import { cascades } from './0009-cascades.ts';
import { standstills } from './0010-standstills.ts';
import { slots } from './0011-slots.ts';
import { decisions } from './0012-decisions.ts';
import { demands } from './0013-demands.ts';
import { stuck } from './0014-stuck.ts';
import { outlooks } from './0015-outlooks.ts';
import { audit } from './0016-audit.ts';
import { listing } from './0017-listing.ts';
import { histories } from './0018-histories.ts';
import { layers } from './0019-layers.ts';
import { layersShown } from './0020-layers-shown.ts';
import { marksOfProjects } from './0021-marks-of-projects.ts';
import { lastRuns } from './0022-last-runs.ts';
import { restores } from './0023-restores.ts';
import { departures } from './0024-departures.ts';
import { bare } from './0025-bare.ts';

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
  cascades,
  standstills,
  slots,
  decisions,
  demands,
  stuck,
  outlooks,
  audit,
  listing,
  histories,
  layers,
  layersShown,
  marksOfProjects,
  lastRuns,
  restores,
  departures,
  bare,
];
