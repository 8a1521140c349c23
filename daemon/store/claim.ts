import type { Database } from 'better-sqlite3';
import { because, type EndState, type Instant, type Reason } from '../../lib/core/index.ts';
import type { Claim, ClaimRequest, ClaimResult } from '../ports/schedule.ts';
import { type Room, roomStore } from './capacity.ts';
import { createTally, NO_PLACE } from './claim-tally.ts';
import { expiryStore } from './expiry.ts';
import { given } from './given.ts';
import { makeUpStore } from './make-up.ts';
import { type Due, type Onward, onward } from './onward.ts';
import { newRunId } from './run-id.ts';

/** Rows that one transaction writes, so that no other work waits long for it. */
const MOST_ROWS = 500;
/** Runs whose window ended, and that one transaction ends. */
const MOST_LATE = 100;
/** Of what is due in a project so many that wait longest are looked at, and of these the oldest recovery points go first. */
const LOOKED_AT = 100;
/** In so many projects at least, those with the slot that waits longest, even where there is one place. */
const PROJECTS = 20;

/** How a run ends in the claim that makes it. */
interface Ends {
  readonly state: EndState;
  readonly because: Reason;
}
const MISSED: Ends = { state: 'missed', because: because('missed', {}) };
const EXPIRED: Ends = { state: 'expired', because: NO_PLACE };

/** Who has no recovery point comes before all others. */
const ageOf = ({ newest_point_utc: newest }: Due): Instant => newest ?? Number.MIN_SAFE_INTEGER;

/** Hands out what is due: the oldest recovery points first, passing over the projects that are full. */
export function claimStore(db: Database): (request: ClaimRequest) => ClaimResult {
  const roomOf = roomStore(db);
  const expiry = expiryStore(db);
  const sooner = makeUpStore(db);
  const projectsDue = db.prepare<[Instant, number], { project_id: string }>(
    `SELECT project_id FROM queues WHERE due_utc <= ${given('?')} ORDER BY due_utc LIMIT ${given('?')}`,
  );
  // All of it is in the index: a project may have a hundred thousand due.
  const dueIn = db.prepare<[string, Instant, number, number], Due>(
    `SELECT * FROM (SELECT instance_id, project_id, next_slot_utc, newest_point_utc FROM schedules
       WHERE active = 1 AND project_id = ${given('?')} AND next_slot_utc <= ${given('?')} ORDER BY next_slot_utc LIMIT ${given('?')})
     ORDER BY newest_point_utc, next_slot_utc LIMIT ${given('?')}`,
  );
  const policyOf = db.prepare<[string], { policy: string }>('SELECT policy FROM schedules WHERE instance_id = ?');
  // "OR ROLLBACK": what is refused ends the whole claim anyhow, and so SQLite keeps no copy of every page that a row and
  // its triggers change, which took longer than the change itself.
  const move = db.prepare<[Instant, string]>(
    'UPDATE OR ROLLBACK schedules SET next_slot_utc = ? WHERE instance_id = ?',
  );
  const insert = db.prepare(
    `INSERT OR ROLLBACK INTO runs (run_id, instance_id, project_id, slot_utc, state, claimed_utc, not_before_utc,
       start_by_utc)
     VALUES (@runId, @instanceId, @projectId, @slotUtc, 'claimed', @nowUtc, @nowUtc, @startByUtc)
     ON CONFLICT (instance_id, slot_utc) DO NOTHING`,
  );
  const end = db.prepare<[{ runId: string; state: EndState; because: string; nowUtc: Instant }]>(
    'UPDATE OR ROLLBACK runs SET state = @state, because = @because, ended_utc = @nowUtc WHERE run_id = @runId',
  );

  /**
   * Rows of every slot passed and of the one that runs, and the cursor behind them. A slot that has its row already, as
   * when the clock was set back, is passed over: one instance must not stop the claims of all.
   */
  function step(row: Due, advanced: Onward, nowUtc: Instant): Claim | null {
    const { instance_id: instanceId, project_id: projectId } = row;
    const add = (slotUtc: Instant, startByUtc: Instant | null, ends: Ends | null): string | null => {
      const runId = newRunId(nowUtc);
      const { changes } = insert.run({ runId, instanceId, projectId, slotUtc, nowUtc, startByUtc });
      if (changes === 0) return null;
      if (ends) end.run({ runId, state: ends.state, because: JSON.stringify(ends.because), nowUtc });
      return runId;
    };
    for (const slotUtc of advanced.missed) add(slotUtc, null, MISSED);
    move.run(advanced.nextUtc, instanceId);
    const { due, expired, startByUtc = null, unusable } = advanced;
    const slotUtc = due ?? expired;
    if (slotUtc === undefined) return null;
    const ends = due === null ? EXPIRED : unusable ? ({ state: 'skipped', because: unusable } as const) : null;
    const runId = add(slotUtc, ends ? null : startByUtc, ends);
    return runId === null ? null : { runId, instanceId, projectId, slotUtc };
  }

  /** What is due in projects with room, no more of each than it has. Only busy projects can be full. */
  function candidates(room: Room, limit: number, nowUtc: Instant): readonly Due[] {
    if (limit <= 0) return [];
    return projectsDue
      .all(nowUtc, Math.max(limit, PROJECTS) + room.busyProjects)
      .flatMap(({ project_id: id }) => {
        const most = Math.min(limit, room.of(id));
        return most <= 0 ? [] : dueIn.all(id, nowUtc, Math.max(LOOKED_AT, most), most);
      })
      .sort((one, other) => ageOf(one) - ageOf(other) || one.next_slot_utc - other.next_slot_utc)
      .slice(0, limit);
  }

  /** Whose window has ended is ended by it, and made up for. */
  function endLate({ nowUtc, makeUp }: ClaimRequest): Pick<ClaimResult, 'ended' | 'hastened'> {
    const ended = expiry.late(nowUtc, MOST_LATE);
    const hastened = ended.flatMap(({ instanceId, projectId, slotUtc, because: by }) => {
      const nextSlotUtc = sooner(instanceId, makeUp);
      if (nextSlotUtc === null) return [];
      return [{ instanceId, projectId, nextSlotUtc, because: because('makes-up-for', { slotUtc, by }) }];
    });
    return { ended, hastened };
  }

  const claim = db.transaction((request: ClaimRequest): ClaimResult => {
    const { nowUtc, limit, caps, advance } = request;
    const tally = createTally(endLate(request));
    if (tally.rows() >= MOST_LATE) return tally.result(true);
    const room = roomOf(caps, nowUtc);
    for (;;) {
      const due = candidates(room, Math.min(limit - tally.claimed(), room.total()), nowUtc);
      if (due.length === 0) return tally.result(false);
      for (const row of due) {
        const advanced = onward(advance, row, policyOf.get(row.instance_id)?.policy, nowUtc);
        if (tally.rows() > 0 && tally.rows() + advanced.missed.length + 1 > MOST_ROWS) return tally.result(true);
        tally.ended(expiry.overtaken(row.instance_id, nowUtc));
        const run = step(row, advanced, nowUtc);
        tally.passed(row, advanced);
        if (run && tally.came(run, advanced)) room.take(run.projectId);
      }
    }
  });
  return (request) => claim.immediate(request);
}
