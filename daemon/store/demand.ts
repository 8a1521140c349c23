import type { Database } from 'better-sqlite3';
import { because, DEMAND_WAITS_MS, type Instant, type Reason } from '../../lib/core/index.ts';
import type { DemandAnswer, DemandedRun, DemandPort, DemandRequest } from '../ports/demand.ts';
import type { Claim, EndedRun } from '../ports/schedule.ts';
import { given } from './given.ts';
import { newRunId } from './run-id.ts';

type Row = Omit<DemandedRun, 'because'> & { readonly because: string | null };
type Known = Pick<DemandRequest, 'instanceId' | 'kind' | 'keepMs'> & { readonly runId: string };

const SECOND = 1_000;
/** Slots of schedules are whole seconds. */
const BESIDE_SLOTS = SECOND / 2;
/** Of all projects that one transaction ends. */
const MOST_ENDED = 500;

const ENTRY = `SELECT d.run_id AS runId, d.project_id AS projectId, d.instance_id AS instanceId, d.key,
    d.requested_by AS requestedBy, d.note, d.wanted AS kind, d.keep_ms AS keepMs, r.claimed_utc AS requestedUtc,
    r.state, r.because, r.kind AS made, r.backup_id AS backupId
  FROM demands d JOIN runs r ON r.run_id = d.run_id`;

const refused = (reason: Reason): DemandAnswer => ({ kind: 'refused', because: reason });

/** Takes a request down, or says why not; for the caller's transaction. */
function requestStore(db: Database): (request: DemandRequest, nowUtc: Instant) => DemandAnswer {
  const byKey = db.prepare<[string, string], Known>(
    'SELECT run_id AS runId, instance_id AS instanceId, wanted AS kind, keep_ms AS keepMs FROM demands WHERE project_id = ? AND key = ?',
  );
  const standing = db.prepare<[string, string], { excluded: string | null; active: 0 | 1 | null }>(
    `SELECT i.excluded_because AS excluded, s.active FROM instances i LEFT JOIN schedules s ON s.instance_id = i.instance_id
     WHERE i.instance_id = ? AND i.project_id = ? AND i.gone_utc IS NULL`,
  );
  const open = db.prepare<[string], { runId: string }>(
    "SELECT run_id AS runId FROM runs WHERE origin = 'on_demand' AND ended_utc IS NULL AND instance_id = ?",
  );
  const taken = db.prepare<[string, Instant], { at: Instant }>(
    'SELECT slot_utc AS at FROM runs WHERE instance_id = ? AND slot_utc = ?',
  );
  const insertRun = db.prepare<[Claim & { nowUtc: Instant }]>(
    `INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, claimed_utc, not_before_utc, origin)
     VALUES (@runId, @instanceId, @projectId, @slotUtc, 'claimed', @nowUtc, @nowUtc, 'on_demand')`,
  );
  const insert = db.prepare<[DemandRequest & { runId: string }]>(
    `INSERT INTO demands (run_id, project_id, instance_id, key, requested_by, note, wanted, keep_ms)
     VALUES (@runId, @projectId, @instanceId, @key, @requestedBy, @note, @kind, @keepMs)`,
  );

  function slotFor(instanceId: string, nowUtc: Instant): Instant {
    let slotUtc = Math.floor(nowUtc / SECOND) * SECOND + BESIDE_SLOTS;
    while (taken.get(instanceId, slotUtc)) slotUtc += SECOND;
    return slotUtc;
  }

  function whyNot({ instanceId, projectId }: DemandRequest): Reason | null {
    const found = standing.get(instanceId, projectId);
    if (!found) return because('instance-unknown', {});
    if (found.active !== 1) {
      return found.excluded === null ? because('no-policy', {}) : (JSON.parse(found.excluded) as Reason);
    }
    const other = open.get(instanceId);
    return other ? because('demand-waiting', { run: other.runId }) : null;
  }

  return (request, nowUtc) => {
    const { projectId, instanceId } = request;
    const before = byKey.get(projectId, request.key);
    if (before) {
      const isSame = (['instanceId', 'kind', 'keepMs'] as const).every((field) => before[field] === request[field]);
      return isSame ? { kind: 'known', runId: before.runId } : refused(because('key-reused', { run: before.runId }));
    }
    const reason = whyNot(request);
    if (reason) return refused(reason);
    const runId = newRunId(nowUtc);
    insertRun.run({ runId, instanceId, projectId, slotUtc: slotFor(instanceId, nowUtc), nowUtc });
    insert.run({ ...request, runId });
    return { kind: 'accepted', runId };
  };
}

type Waiting = Claim & { readonly because: string | null };

export function demandStore(db: Database): DemandPort {
  const request = db.transaction(requestStore(db));
  const list = db.prepare<[string, string, number], Row>(
    `${ENTRY} WHERE d.project_id = ${given('?')} AND d.run_id < ${given('?')} ORDER BY d.run_id DESC LIMIT ${given('?')}`,
  );
  const cancel = db.prepare<[{ projectId: string; runId: string; because: string; nowUtc: Instant }]>(
    `UPDATE runs SET state = 'skipped', because = @because, ended_utc = @nowUtc
     WHERE run_id = @runId AND project_id = @projectId AND state = 'claimed' AND origin = 'on_demand'`,
  );
  const waiting = db.prepare<[Instant, number], Waiting>(
    `SELECT run_id AS runId, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc, because FROM runs
     WHERE origin = 'on_demand' AND ended_utc IS NULL AND state = 'claimed' AND claimed_utc <= ${given('?')} LIMIT ${given('?')}`,
  );
  const end = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'expired', because = ?, ended_utc = ? WHERE run_id = ?",
  );
  const expire = db.transaction((beforeUtc: Instant, nowUtc: Instant): readonly EndedRun[] =>
    waiting.all(beforeUtc, MOST_ENDED).map(({ because: text, ...run }) => {
      const held = text === null ? because('no-answer-yet', {}) : (JSON.parse(text) as Reason);
      const reason = because('demand-expired', { afterMs: DEMAND_WAITS_MS, held });
      end.run(JSON.stringify(reason), nowUtc, run.runId);
      return { ...run, because: reason };
    }),
  );
  return {
    request: async (asked, nowUtc) => request.immediate(asked, nowUtc),
    list: async (projectId, limit, before) =>
      list
        .all(projectId, before ?? '~', limit)
        .map((row) => ({ ...row, because: row.because === null ? null : (JSON.parse(row.because) as Reason) })),
    cancel: async (projectId, runId, why, nowUtc) =>
      cancel.run({ projectId, runId, because: JSON.stringify(why), nowUtc }).changes === 1,
    expire: async (beforeUtc, nowUtc) => expire.immediate(beforeUtc, nowUtc),
  };
}
