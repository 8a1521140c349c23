import type { Database } from 'better-sqlite3';
import {
  type Advance,
  because,
  type Instant,
  type Policy,
  type Reason,
  type RecentRuns,
} from '../../lib/core/index.ts';
import type { ClaimedRun, ClaimRequest, ClaimResult, EndedRun, SchedulePort } from '../ports/schedule.ts';
import { capacity } from './capacity.ts';

interface DueRow {
  readonly instance_id: string;
  readonly project_id: string;
  readonly policy: string;
  readonly next_slot_utc: Instant;
}

interface ReadyRow {
  readonly run_id: string;
  readonly instance_id: string;
  readonly project_id: string;
  readonly slot_utc: Instant;
  readonly policy: string;
}

interface EndedRow {
  readonly runId: string;
  readonly instanceId: string;
  readonly because: string;
}

export function scheduleStore(db: Database, newId: () => string): SchedulePort {
  const due = db.prepare<[Instant, string, number], DueRow>(
    `SELECT instance_id, project_id, policy, next_slot_utc FROM schedules
     WHERE active = 1 AND next_slot_utc <= ? AND project_id NOT IN (SELECT value FROM json_each(?))
     ORDER BY next_slot_utc LIMIT ?`,
  );
  const move = db.prepare<[Instant, string]>('UPDATE schedules SET next_slot_utc = ? WHERE instance_id = ?');
  const insert = db.prepare(
    `INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, because, claimed_utc, not_before_utc, ended_utc)
     VALUES (@runId, @instanceId, @projectId, @slotUtc, @state, @because, @nowUtc, @nowUtc, @endedUtc)
     ON CONFLICT (instance_id, slot_utc) DO NOTHING`,
  );
  const waiting = db.prepare<[string], { run_id: string; because: string | null }>(
    "SELECT run_id, because FROM runs WHERE instance_id = ? AND state = 'claimed'",
  );
  const expire = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'expired', because = ?, ended_utc = ? WHERE run_id = ?",
  );
  /** Runs that were under way when their schedule ended, and came back with nothing made. */
  const skipStopped = db.prepare<[{ nowUtc: Instant; gone: string }], EndedRow>(
    `UPDATE runs SET state = 'skipped', ended_utc = @nowUtc, because = coalesce((SELECT excluded_because FROM instances i
       WHERE i.instance_id = runs.instance_id), @gone)
     WHERE ended_utc IS NULL AND state = 'claimed' AND NOT EXISTS
       (SELECT 1 FROM schedules s WHERE s.instance_id = runs.instance_id AND s.active = 1)
     RETURNING run_id AS runId, instance_id AS instanceId, because`,
  );
  const recent = db.prepare<[{ id: string; slotUtc: Instant }], RecentRuns>(
    `SELECT count(*) AS failuresInARow, max(slot_utc) AS lastFailedUtc FROM runs
     WHERE instance_id = @id AND slot_utc < @slotUtc AND state = 'failed' AND slot_utc > coalesce(
       (SELECT slot_utc FROM runs WHERE instance_id = @id AND slot_utc < @slotUtc AND state = 'completed'
        ORDER BY slot_utc DESC LIMIT 1), -1)`,
  );
  // One of each project, the one that has waited longest: a project that cannot go on must not stand before the others.
  const ready = db.prepare<[Instant, number], ReadyRow>(
    `SELECT run_id, instance_id, project_id, slot_utc, policy FROM
       (SELECT r.*, s.policy, row_number() OVER (PARTITION BY r.project_id ORDER BY r.not_before_utc, r.slot_utc) AS place
        FROM runs r JOIN schedules s ON s.instance_id = r.instance_id
        WHERE r.ended_utc IS NULL AND r.state = 'claimed' AND r.not_before_utc <= ?)
     WHERE place = 1 ORDER BY slot_utc LIMIT ?`,
  );
  const soonest = db.prepare<[], { at: Instant | null }>(
    `SELECT min(at) AS at FROM (SELECT min(next_slot_utc) AS at FROM schedules WHERE active = 1
       UNION ALL SELECT min(not_before_utc) FROM runs WHERE ended_utc IS NULL AND state = 'claimed')`,
  );

  function toRun(row: ReadyRow): ClaimedRun {
    return {
      runId: row.run_id,
      instanceId: row.instance_id,
      projectId: row.project_id,
      slotUtc: row.slot_utc,
      policy: JSON.parse(row.policy) as Policy,
      recent: recent.get({ id: row.instance_id, slotUtc: row.slot_utc }) ?? { failuresInARow: 0, lastFailedUtc: null },
    };
  }

  function expireWaiting(instanceId: string, nowUtc: Instant): readonly EndedRun[] {
    return waiting.all(instanceId).map(({ run_id: runId, because: held }) => {
      const reason = because('expired', { held: held ? (JSON.parse(held) as Reason) : because('cap-reached', {}) });
      expire.run(JSON.stringify(reason), nowUtc, runId);
      return { runId, instanceId, state: 'expired', because: reason };
    });
  }

  /**
   * Rows of every slot passed and of the one that runs, and the cursor behind them. A slot that has its row already, as
   * when the clock was set back, is passed over: one instance must not stop the claims of all.
   */
  function step(row: DueRow, advanced: Advance, nowUtc: Instant): ClaimedRun | null {
    const base = { instanceId: row.instance_id, projectId: row.project_id, nowUtc };
    const missed = JSON.stringify(because('missed', {}));
    for (const slotUtc of advanced.missed) {
      insert.run({ ...base, runId: newId(), slotUtc, state: 'missed', because: missed, endedUtc: nowUtc });
    }
    move.run(advanced.nextUtc, row.instance_id);
    if (advanced.due === null) return null;
    const runId = newId();
    const run = { ...base, runId, slotUtc: advanced.due, state: 'claimed', because: null, endedUtc: null };
    if (insert.run(run).changes === 0) return null;
    return toRun({ ...row, run_id: runId, slot_utc: advanced.due });
  }

  const claim = db.transaction(({ nowUtc, limit, caps, advance }: ClaimRequest): ClaimResult => {
    const stopped = skipStopped.all({ nowUtc, gone: JSON.stringify(because('instance-gone', {})) });
    const room = capacity(db, caps, nowUtc);
    const claimed: ClaimedRun[] = [];
    const ended: EndedRun[] = stopped.map((row) => ({ ...row, state: 'skipped', because: JSON.parse(row.because) }));
    let missed = 0;
    for (let left = limit; left > 0 && room.total() > 0; ) {
      const rows = due.all(nowUtc, JSON.stringify(room.fullProjects()), Math.min(left, room.total()));
      if (rows.length === 0) break;
      for (const row of rows) {
        if (!room.fits(row.project_id)) continue;
        const advanced = advance(row.instance_id, JSON.parse(row.policy) as Policy, row.next_slot_utc);
        ended.push(...expireWaiting(row.instance_id, nowUtc));
        const run = step(row, advanced, nowUtc);
        missed += advanced.missed.length;
        left--;
        if (!run) continue;
        claimed.push(run);
        room.take(row.project_id);
      }
    }
    return { claimed, missed, ended };
  });

  return {
    claimDue: async (request) => claim.immediate(request),
    readyRuns: async (nowUtc, limit) => ready.all(nowUtc, limit).map(toRun),
    nextDueUtc: async () => soonest.get()?.at ?? null,
  };
}
