import type { Database } from 'better-sqlite3';
import type { BackupKind, Instant, Policy, Reason } from '../../lib/core/index.ts';
import type { ChainSummary, InstanceFacts, ListedInstance } from '../ports/listing.ts';
import type { LayersShown } from '../ports/overrides.ts';
import { given } from './given.ts';
import { lastingPause, readReason } from './listing-rows.ts';
import { type SaidOf, saidStore } from './own.ts';
import { storedPolicy } from './stored-policy.ts';

interface ScheduleRow {
  readonly policy: string;
  readonly configured: string | null;
  readonly adapted: string | null;
  readonly refused: string | null;
  readonly because: string;
  readonly layers: string | null;
}
interface PointRow {
  readonly backupId: string;
  readonly parentId: string | null;
  readonly kind: BackupKind;
  readonly slotUtc: Instant;
}
interface Counted {
  readonly holds: number;
  readonly marks: number;
}

const usable = (text: string): Policy | null => {
  const policy = storedPolicy(text);
  return 'rule' in policy ? null : policy;
};

function scheduleOf(row: ScheduleRow | undefined, said: () => SaidOf): InstanceFacts['schedule'] {
  const of = row && said();
  const policy = row && usable(row.policy);
  if (!row || !policy || !of) return null;
  return {
    policy,
    configured: row.configured === null ? policy : (usable(row.configured) ?? policy),
    adapted: row.adapted === null ? [] : (JSON.parse(row.adapted) as readonly Reason[]),
    because: JSON.parse(row.because) as readonly Reason[],
    layers: row.layers === null ? null : (JSON.parse(row.layers) as LayersShown),
    said: of.overrides,
    revision: of.revision,
  };
}

/** From points in the order of their slots. What stands on one that is not there is no recovery point any more. */
export function summarize(points: readonly PointRow[]): readonly ChainSummary[] {
  const chains = new Map<string, ChainSummary>();
  const fullOf = new Map<string, string>();
  for (const { backupId, parentId, kind, slotUtc } of points) {
    const full = kind === 'full' ? backupId : fullOf.get(parentId ?? '');
    if (full === undefined) continue;
    fullOf.set(backupId, full);
    const before = chains.get(full);
    if (!before) chains.set(full, { fullBackupId: full, startedUtc: slotUtc, newestUtc: slotUtc, incrementals: 0 });
    else chains.set(full, { ...before, newestUtc: slotUtc, incrementals: before.incrementals + 1 });
  }
  return [...chains.values()].toReversed();
}

/** What is told of one instance beside its row. */
export function factsStore(db: Database): (listed: ListedInstance, nowUtc: Instant) => InstanceFacts {
  const schedule = db.prepare<[string], ScheduleRow>(
    'SELECT policy, configured, adapted, refused, because, layers FROM schedules WHERE instance_id = ? AND active = 1',
  );
  const points = db.prepare<[string, string], PointRow>(
    `SELECT backup_id AS backupId, parent_id AS parentId, kind, slot_utc AS slotUtc FROM runs INDEXED BY runs_points
     WHERE point = 'followed' AND project_id = ${given('?')} AND instance_id = ${given('?')} AND state = 'completed' ORDER BY slot_utc`,
  );
  const quota = db.prepare<[string], { limit: number | null; short: string | null }>(
    'SELECT quota_limit AS "limit", CASE is_short WHEN 1 THEN told END AS short FROM outlooks WHERE project_id = ?',
  );
  const counts = db.prepare<[{ id: string }], Counted>(
    `SELECT (SELECT count(*) FROM holds WHERE instance_id = @id) AS holds,
       (SELECT count(*) FROM marks WHERE instance_id = @id) AS marks`,
  );
  const said = saidStore(db);
  const pause = lastingPause(db);
  return (listed, nowUtc) => {
    const { id, projectId } = listed.instance;
    const row = schedule.get(id);
    const known = quota.get(projectId);
    return {
      ...listed,
      schedule: scheduleOf(row, () => said(id)),
      refused: readReason(row?.refused ?? null),
      pause: pause(id, nowUtc),
      chains: summarize(points.all(projectId, id)),
      quota: { limit: known?.limit ?? null, short: readReason(known?.short ?? null) },
      ...(counts.get({ id }) ?? { holds: 0, marks: 0 }),
    };
  };
}
