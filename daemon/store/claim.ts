import type { Database } from 'better-sqlite3';
import { because, type Instant, type Reason } from '../../lib/core/index.ts';
import type { Claim, ClaimRequest, ClaimResult, EndedRun, MissedSlots } from '../ports/schedule.ts';
import { type Room, roomStore } from './capacity.ts';
import { type Onward, onward } from './onward.ts';
import { newRunId } from './run-id.ts';

interface Due {
  readonly instance_id: string;
  readonly project_id: string;
  readonly next_slot_utc: Instant;
}

/** Rows that one transaction writes, so that no other work waits long for it. */
const MOST_ROWS = 500;

const some = ({ slots }: MissedSlots): boolean => slots > 0;

/** Hands out what is due: the oldest slots first, passing over the projects that are full. */
export function claimStore(db: Database): (request: ClaimRequest) => ClaimResult {
  const roomOf = roomStore(db);
  const projectsDue = db.prepare<[Instant, number], { project_id: string }>(
    'SELECT project_id FROM queues WHERE due_utc <= ? ORDER BY due_utc LIMIT ?',
  );
  const dueIn = db.prepare<[string, Instant, number], Due>(
    `SELECT instance_id, project_id, next_slot_utc FROM schedules
     WHERE active = 1 AND project_id = ? AND next_slot_utc <= ? ORDER BY next_slot_utc LIMIT ?`,
  );
  const policyOf = db.prepare<[string], { policy: string }>('SELECT policy FROM schedules WHERE instance_id = ?');
  const move = db.prepare<[Instant, string]>('UPDATE schedules SET next_slot_utc = ? WHERE instance_id = ?');
  // "OR ROLLBACK": what is refused ends the whole claim anyhow, and so SQLite keeps no copy of every page that a row and
  // its triggers change, which took longer than the change itself.
  const insert = db.prepare(
    `INSERT OR ROLLBACK INTO runs (run_id, instance_id, project_id, slot_utc, state, because, claimed_utc, not_before_utc, ended_utc)
     VALUES (@runId, @instanceId, @projectId, @slotUtc, @state, @because, @nowUtc, @nowUtc, @endedUtc)
     ON CONFLICT (instance_id, slot_utc) DO NOTHING`,
  );
  const waiting = db.prepare<[string], { run_id: string; slot_utc: Instant; because: string | null }>(
    "SELECT run_id, slot_utc, because FROM runs WHERE state = 'claimed' AND instance_id = ?",
  );
  const expire = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'expired', because = ?, ended_utc = ? WHERE run_id = ?",
  );

  function expireWaiting(
    { instance_id: instanceId, project_id: projectId }: Due,
    nowUtc: Instant,
  ): readonly EndedRun[] {
    return waiting.all(instanceId).map(({ run_id: runId, slot_utc: slotUtc, because: held }) => {
      const reason = because('expired', { held: held ? (JSON.parse(held) as Reason) : because('no-answer-yet', {}) });
      expire.run(JSON.stringify(reason), nowUtc, runId);
      return { runId, instanceId, projectId, slotUtc, because: reason };
    });
  }

  /**
   * Rows of every slot passed and of the one that runs, and the cursor behind them. A slot that has its row already, as
   * when the clock was set back, is passed over: one instance must not stop the claims of all.
   */
  function step(row: Due, advanced: Onward, nowUtc: Instant): Claim | null {
    const { instance_id: instanceId, project_id: projectId } = row;
    const base = { instanceId, projectId, nowUtc };
    const missed = JSON.stringify(because('missed', {}));
    for (const slotUtc of advanced.missed) {
      insert.run({ ...base, runId: newRunId(nowUtc), slotUtc, state: 'missed', because: missed, endedUtc: nowUtc });
    }
    move.run(advanced.nextUtc, instanceId);
    const slotUtc = advanced.due;
    if (slotUtc === null) return null;
    const runId = newRunId(nowUtc);
    const { unusable } = advanced;
    const open = { state: 'claimed', because: null, endedUtc: null };
    const end = { state: 'skipped', because: JSON.stringify(unusable), endedUtc: nowUtc };
    const run = { ...base, runId, slotUtc, ...(unusable ? end : open) };
    if (insert.run(run).changes === 0) return null;
    return { runId, instanceId, projectId, slotUtc };
  }

  /** The oldest due slots of projects with room, no more of each than it has. Only busy projects can be full. */
  function candidates(room: Room, limit: number, nowUtc: Instant): readonly Due[] {
    if (limit <= 0) return [];
    return projectsDue
      .all(nowUtc, limit + room.busyProjects)
      .flatMap(({ project_id: id }) => dueIn.all(id, nowUtc, Math.min(limit, room.of(id))))
      .sort((one, other) => one.next_slot_utc - other.next_slot_utc)
      .slice(0, limit);
  }

  const claim = db.transaction(({ nowUtc, limit, caps, advance }: ClaimRequest): ClaimResult => {
    const room = roomOf(caps, nowUtc);
    const claimed: Claim[] = [];
    const ended: EndedRun[] = [];
    const missed: MissedSlots[] = [];
    const unusable: EndedRun[] = [];
    let passed = 0;
    const result = (more: boolean): ClaimResult => ({
      claimed,
      missed: missed.filter(some),
      ended,
      unusable,
      more,
    });
    const rows = (): number => claimed.length + ended.length + unusable.length + passed;
    const keep = (run: Claim, { unusable: reason }: Onward): void => {
      if (reason) {
        unusable.push({ ...run, because: reason });
        return;
      }
      claimed.push(run);
      room.take(run.projectId);
    };
    for (;;) {
      const due = candidates(room, Math.min(limit - claimed.length, room.total()), nowUtc);
      if (due.length === 0) return result(false);
      for (const row of due) {
        const advanced = onward(advance, row, policyOf.get(row.instance_id)?.policy, nowUtc);
        const full = rows() > 0 && rows() + advanced.missed.length + 1 > MOST_ROWS;
        if (full) return result(true);
        ended.push(...expireWaiting(row, nowUtc));
        const run = step(row, advanced, nowUtc);
        const slots = advanced.missed.length;
        passed += slots;
        missed.push({ instanceId: row.instance_id, projectId: row.project_id, slots });
        if (run) keep(run, advanced);
      }
    }
  });
  return (request) => claim.immediate(request);
}
