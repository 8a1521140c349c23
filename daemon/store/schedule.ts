import type { Database } from 'better-sqlite3';
import { type BackupKind, because, DEMAND_WAITS_MS, type Instant, type Reason } from '../../lib/core/index.ts';
import type { ClaimedRun, ReadyRequest, SchedulePort } from '../ports/schedule.ts';
import { openingsStore } from './capacity.ts';
import { claimStore } from './claim.ts';
import { given } from './given.ts';
import { recentStore } from './recent.ts';
import { pausedStore } from './standstills.ts';
import { storedPolicy } from './stored-policy.ts';

interface ReadyRow {
  readonly run_id: string;
  readonly instance_id: string;
  readonly project_id: string;
  readonly slot_utc: Instant;
  readonly policy: string;
  readonly demanded: BackupKind | null;
  readonly refused: string | null;
}

export function scheduleStore(db: Database): SchedulePort {
  const claim = claimStore(db);
  const recent = recentStore(db);
  const pausedBy = pausedStore(db);
  const openingsOf = openingsStore(db);
  // One of each project, the one that has waited longest; and of the projects the one that has: a project that cannot go
  // on must not stand before the others.
  const ready = db.prepare<[Instant, number], ReadyRow>(
    `SELECT r.run_id, r.instance_id, r.project_id, r.slot_utc, s.policy, s.refused,
       (SELECT wanted FROM demands d WHERE d.run_id = r.run_id) AS demanded
     FROM queues q
     JOIN runs r ON r.run_id = (SELECT run_id FROM runs w WHERE w.state = 'claimed' AND w.project_id = q.project_id
       ORDER BY w.not_before_utc, w.slot_utc LIMIT 1)
     JOIN schedules s ON s.instance_id = r.instance_id
     WHERE q.ready_utc <= ${given('?')} ORDER BY q.ready_utc LIMIT ${given('?')}`,
  );
  const soonest = db.prepare<[{ nowUtc: Instant }], { waiting: 0 | 1; nextUtc: Instant | null }>(
    `SELECT EXISTS (SELECT 1 FROM queues WHERE due_utc <= @nowUtc)
         OR EXISTS (SELECT 1 FROM queues WHERE ready_utc <= @nowUtc) AS waiting,
       (SELECT min(at) FROM (SELECT min(due_utc) AS at FROM queues WHERE due_utc > @nowUtc
         UNION ALL SELECT min(ready_utc) FROM queues WHERE ready_utc > @nowUtc
         UNION ALL SELECT min(start_by_utc) FROM runs WHERE state = 'claimed' AND start_by_utc IS NOT NULL
         UNION ALL SELECT min(claimed_utc) + ${DEMAND_WAITS_MS} FROM runs
           WHERE origin = 'on_demand' AND ended_utc IS NULL AND state = 'claimed')) AS nextUtc`,
  );

  function toRun(row: ReadyRow, nowUtc: Instant): ClaimedRun {
    // Who asks for a backup now means it, paused or not.
    const pause = row.demanded ? null : pausedBy(row.instance_id, nowUtc);
    return {
      runId: row.run_id,
      instanceId: row.instance_id,
      projectId: row.project_id,
      slotUtc: row.slot_utc,
      policy: storedPolicy(row.policy),
      refused: row.refused === null ? null : (JSON.parse(row.refused) as Reason),
      recent: recent(row.instance_id, row.slot_utc),
      paused: pause && because('paused', { ...pause }),
      demanded: row.demanded,
    };
  }

  /** What cannot be tried now is passed over by one row a project. */
  const readyRuns = db.transaction((request: ReadyRequest): readonly ClaimedRun[] => {
    const { nowUtc, closed } = request;
    const openings = openingsOf(request);
    if (openings.total <= 0) return [];
    return ready
      .all(nowUtc, openings.total + openings.busyProjects + closed.size)
      .filter(({ project_id }) => !closed.has(project_id) && !openings.isFull(project_id))
      .slice(0, openings.total)
      .map((row) => toRun(row, nowUtc));
  });

  return {
    claimDue: async (request) => claim(request),
    readyRuns: async (request) => readyRuns(request),
    nextDue: async (nowUtc) => {
      const row = soonest.get({ nowUtc });
      return { waiting: row?.waiting === 1, nextUtc: row?.nextUtc ?? null };
    },
  };
}
