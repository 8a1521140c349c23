import type { Database } from 'better-sqlite3';
import { because, type Instant, type LedgerEntry, type Reason } from '../../lib/core/index.ts';
import type { OpenRun, Passed, Postponed, RecoveredRun, RunEnd, RunLedgerPort } from '../ports/run-ledger.ts';
import type { Caps, Intent, MakeUp } from '../ports/schedule.ts';
import { PLACES, placeSince } from './capacity.ts';
import { given } from './given.ts';
import { makeUpStore } from './make-up.ts';

/** A run's row was not in the state that its change asks for: a fault of ours, never to be passed over. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
}

const TRACKED = `SELECT run_id AS id, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc, state,
  backup_id AS backupId, intent_utc AS intentUtc,
  (SELECT gone_utc FROM instances i WHERE i.instance_id = runs.instance_id) AS instanceGoneUtc FROM runs WHERE ended_utc IS NULL AND state IN ('unknown', 'running')`;

function activeInOthers(db: Database) {
  return db.prepare<[string, Instant, Instant], { total: number; project: number }>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE project_id = (SELECT project_id FROM runs WHERE run_id = ?)) AS project
     FROM (${PLACES})`,
  );
}

export function ledgerStore(db: Database): RunLedgerPort {
  const active = activeInOthers(db);
  const toIntent = db.prepare(
    `UPDATE runs SET state = 'intent', kind = @kind, kind_because = @because, parent_id = @parentId, intent_utc = @nowUtc
     WHERE run_id = @runId AND state = 'claimed' AND (start_by_utc IS NULL OR start_by_utc > @nowUtc)`,
  );
  const toRunning = db.prepare<[string, string, Instant, string]>(
    `UPDATE runs SET state = 'running', backup_id = ?, because = ?, intent_utc = coalesce(intent_utc, ?)
     WHERE run_id = ? AND state IN ('claimed', 'intent', 'unknown')`,
  );
  const toUnknown = db.prepare<[string, string]>(
    "UPDATE runs SET state = 'unknown', because = ? WHERE run_id = ? AND state = 'intent'",
  );
  const toClaimed = db.prepare<[Instant, string, string]>(
    `UPDATE runs SET state = 'claimed', not_before_utc = ?, because = ?, intent_utc = NULL
     WHERE run_id = ? AND state IN ('claimed', 'intent')`,
  );
  /** Why the run's schedule does not stand, as JSON; nothing if it does. */
  const stopped = db.prepare<[string], { because: string | null }>(
    `SELECT i.excluded_because AS because FROM runs r LEFT JOIN instances i ON i.instance_id = r.instance_id
     WHERE r.run_id = ${given('?')} AND NOT EXISTS (SELECT 1 FROM schedules s WHERE s.instance_id = r.instance_id AND s.active = 1)`,
  );
  const toEnd = db.prepare(
    `UPDATE runs SET state = @state, because = @because, ended_utc = @nowUtc, backup_id = coalesce(@backupId, backup_id),
       intent_utc = coalesce(intent_utc, @pointUtc),
       point = CASE WHEN @state IN ('completed', 'credited') THEN 'followed' END
     WHERE run_id = @runId AND state IN ('claimed', 'intent', 'unknown', 'running')`,
  );
  const newestPoint = db.prepare<[string]>(
    `UPDATE schedules SET newest_point_utc = max(coalesce(newest_point_utc, 0), r.intent_utc)
     FROM runs r WHERE r.run_id = ${given('?')} AND r.instance_id = schedules.instance_id`,
  );
  const tracked = db.prepare<[], OpenRun>(TRACKED);
  const recover = db.prepare<[string], RecoveredRun>(
    `UPDATE runs SET state = 'unknown', because = ? WHERE ended_utc IS NULL AND state = 'intent'
     RETURNING run_id AS id, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc`,
  );
  const entry = db.prepare<[string], LedgerEntry>(
    'SELECT run_id AS runId, state, backup_id AS backupId FROM runs WHERE run_id = ?',
  );
  const entries = db.transaction((runIds: readonly string[]): ReadonlyMap<string, LedgerEntry> => {
    const found = runIds.flatMap((runId) => entry.get(runId) ?? []);
    return new Map(found.map((it) => [it.runId, it]));
  });
  const giveBack = db.prepare<[string, string]>(
    `UPDATE runs SET state = 'running', backup_id = ?, ended_utc = NULL
     WHERE run_id = ? AND state = 'failed' AND backup_id IS NULL AND intent_utc IS NOT NULL`,
  );

  function changed(changes: number, runId: string, to: string): void {
    if (changes !== 1) throw new LedgerFault(`run ${runId} could not become "${to}" from the state it is in`);
  }

  const intend = db.transaction((runId: string, intent: Intent, nowUtc: Instant, caps: Caps) => {
    const others = active.get(runId, ...placeSince(nowUtc));
    if (others && (others.total >= caps.concurrent || others.project >= caps.perProject)) return 'capped' as const;
    const { kind, parentId } = intent;
    const { changes } = toIntent.run({ runId, kind, parentId, because: JSON.stringify(intent.because), nowUtc });
    return changes === 1 ? ('intended' as const) : ('overtaken' as const);
  });
  const finish = db.transaction((runId: string, end: RunEnd, nowUtc: Instant): boolean => {
    const { state, backupId = null, pointUtc = null } = end;
    const { changes } = toEnd.run({ runId, state, because: JSON.stringify(end.because), nowUtc, backupId, pointUtc });
    if (changes === 1 && (state === 'completed' || state === 'credited')) newestPoint.run(runId);
    return changes === 1;
  });
  const instanceOf = db.prepare<[string], { id: string }>('SELECT instance_id AS id FROM runs WHERE run_id = ?');
  const sooner = makeUpStore(db);
  const pass = db.transaction((runId: string, end: RunEnd, nowUtc: Instant, makeUp: MakeUp): Passed | null => {
    const run = instanceOf.get(runId);
    return run && finish(runId, end, nowUtc) ? { nextSlotUtc: sooner(run.id, makeUp) } : null;
  });

  const postpone = db.transaction((runId: string, untilUtc: Instant, why: Reason, nowUtc: Instant): Postponed => {
    if (toClaimed.run(untilUtc, JSON.stringify(why), runId).changes === 0) return { kind: 'overtaken' };
    const end = stopped.get(runId);
    if (!end) return { kind: 'waiting' };
    const reason = end.because === null ? because('instance-gone', {}) : (JSON.parse(end.because) as Reason);
    toEnd.run({ runId, state: 'skipped', because: JSON.stringify(reason), nowUtc, backupId: null, pointUtc: null });
    return { kind: 'skipped', because: reason };
  });

  return {
    recordIntent: async (runId, intent, nowUtc, caps) => intend.immediate(runId, intent, nowUtc, caps),
    recordBackup: async (runId, backupId, why, nowUtc) =>
      changed(toRunning.run(backupId, JSON.stringify(why), nowUtc, runId).changes, runId, 'running'),
    adopt: async (runId, backupId, why, nowUtc) =>
      toRunning.run(backupId, JSON.stringify(why), nowUtc, runId).changes === 1,
    recordUnknown: async (runId, why) => changed(toUnknown.run(JSON.stringify(why), runId).changes, runId, 'unknown'),
    postpone: async (runId, untilUtc, why, nowUtc) => postpone.immediate(runId, untilUtc, why, nowUtc),
    end: async (runId, end, nowUtc) => finish.immediate(runId, end, nowUtc),
    pass: async (runId, end, nowUtc, makeUp) => pass.immediate(runId, end, nowUtc, makeUp),
    openRuns: async () => tracked.all(),
    recoverIntents: async (why) => recover.all(JSON.stringify(why)),
    ledger: async (runIds) => entries(runIds),
    revive: async (runId, backupId) => giveBack.run(backupId, runId).changes === 1,
  };
}
