import type { Database } from 'better-sqlite3';
import { because, type Instant, type Reason } from '../../lib/core/index.ts';
import type { Claim, EndedRun } from '../ports/schedule.ts';
import { given } from './given.ts';

interface Waiting extends Claim {
  readonly because: string | null;
}

export interface Expiry {
  /** The run of an instance whose next slot has come. */
  overtaken(instanceId: string, nowUtc: Instant): readonly EndedRun[];
  /** Runs whose window has ended, at most so many. */
  late(nowUtc: Instant, atMost: number): readonly EndedRun[];
}

/** Ends runs that wait for a start, with the reason that held them; for the caller's transaction. */
export function expiryStore(db: Database): Expiry {
  const columns = 'run_id AS runId, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc, because';
  const ofInstance = db.prepare<[string], Waiting>(
    `SELECT ${columns} FROM runs WHERE state = 'claimed' AND instance_id = ? AND origin = 'scheduled'`,
  );
  const bound = db.prepare<[Instant, number], Waiting>(
    `SELECT ${columns} FROM runs WHERE state = 'claimed' AND start_by_utc IS NOT NULL AND start_by_utc <= ${given('?')} LIMIT ${given('?')}`,
  );
  const expire = db.prepare<[string, Instant, string]>(
    "UPDATE runs SET state = 'expired', because = ?, ended_utc = ? WHERE run_id = ?",
  );

  const end =
    (rule: 'expired' | 'window-ended', nowUtc: Instant) =>
    ({ because: text, ...run }: Waiting): EndedRun => {
      const held = text === null ? because('no-answer-yet', {}) : (JSON.parse(text) as Reason);
      const reason = because(rule, { held });
      expire.run(JSON.stringify(reason), nowUtc, run.runId);
      return { ...run, because: reason };
    };
  return {
    overtaken: (instanceId, nowUtc) => ofInstance.all(instanceId).map(end('expired', nowUtc)),
    late: (nowUtc, atMost) => bound.all(nowUtc, atMost).map(end('window-ended', nowUtc)),
  };
}
