import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { ForgettingPort, Forgotten, Left } from '../ports/forgetting.ts';
import { given } from './given.ts';

const DAY = 86_400_000;
/** Rows that one transaction takes away. */
const PAGE = 500;

/** What there is of an instance besides its runs, which are many; the instance itself last. */
const OF_INSTANCE = [
  'overrides',
  'standstills',
  'marks',
  'holds',
  'stuck',
  'deletions',
  'decisions',
  'schedules',
  'listing',
  'instances',
] as const;
/** What is kept of a project for the sake of its instances. */
const OF_PROJECT = ['queues', 'outlooks', 'project_tallies'] as const;

interface LeftRow {
  readonly projectId: string;
  readonly ids: string;
  readonly nowUtc: Instant;
}

function noteStore(db: Database): (left: Left, nowUtc: Instant) => boolean {
  const ofGone = 'gone_utc IS NOT NULL AND project_id = @projectId';
  const hasGone = db.prepare<[string], 1>(
    `SELECT 1 FROM instances WHERE gone_utc IS NOT NULL AND project_id = ${given('?')} LIMIT 1`,
  );
  const bare = db.prepare<[LeftRow]>(
    `UPDATE instances SET bare_utc = @nowUtc
     WHERE ${ofGone} AND bare_utc IS NULL AND instance_id NOT IN (SELECT value FROM json_each(@ids))`,
  );
  const covered = db.prepare<[Omit<LeftRow, 'nowUtc'>]>(
    `UPDATE instances SET bare_utc = NULL
     WHERE ${ofGone} AND bare_utc IS NOT NULL AND instance_id IN (SELECT value FROM json_each(@ids))`,
  );
  return ({ projectId, instanceIds }, nowUtc) => {
    if (hasGone.get(projectId) === undefined) return false;
    const ids = JSON.stringify(instanceIds);
    bare.run({ projectId, ids, nowUtc });
    covered.run({ projectId, ids });
    return true;
  };
}

/** For the caller's transaction. */
function forgetStore(db: Database): (projectId: string, beforeUtc: Instant) => Forgotten | null {
  // What may still be on its way is waited for.
  const ripe = db.prepare<[string, Instant], { id: string }>(
    `SELECT instance_id AS id FROM instances i WHERE bare_utc IS NOT NULL AND project_id = ${given('?')} AND bare_utc <= ${given('?')}
       AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.instance_id = i.instance_id AND r.ended_utc IS NULL)
       AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.instance_id = i.instance_id AND d.ended_utc IS NULL)
     ORDER BY bare_utc LIMIT 1`,
  );
  // The newest last, so that what lists show of it is not looked for anew with each.
  const runs = db
    .prepare<[string], string>(
      `SELECT run_id FROM runs WHERE instance_id = ${given('?')} ORDER BY slot_utc LIMIT ${PAGE}`,
    )
    .pluck();
  const removeDemand = db.prepare<[string]>('DELETE FROM demands WHERE run_id = ?');
  const removeRun = db.prepare<[string]>('DELETE FROM runs WHERE run_id = ?');
  const removeRest = OF_INSTANCE.map((table) => db.prepare<[string]>(`DELETE FROM ${table} WHERE instance_id = ?`));
  const others = db.prepare<[string], 1>('SELECT 1 FROM listing WHERE project_id = ? LIMIT 1');
  const removeProject = OF_PROJECT.map((table) => db.prepare<[string]>(`DELETE FROM ${table} WHERE project_id = ?`));

  return (projectId, beforeUtc) => {
    const found = ripe.get(projectId, beforeUtc);
    if (!found) return null;
    const { id: instanceId } = found;
    const ids = runs.all(instanceId);
    for (const runId of ids) {
      removeDemand.run(runId);
      removeRun.run(runId);
    }
    if (ids.length === PAGE) return { instanceId, isMore: true };
    for (const remove of removeRest) remove.run(instanceId);
    if (others.get(projectId) === undefined) for (const remove of removeProject) remove.run(projectId);
    return { instanceId, isMore: false };
  };
}

function trimStore(db: Database): (beforeUtc: Instant) => boolean {
  const oldest = (table: string, key: string, where: string) =>
    db.prepare<[number]>(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${PAGE})`,
    );
  const restores = oldest('restores', 'project_id, key', 'asked_utc < ?');
  const failures = oldest('failures', 'project_id, day, rule', 'day < ?');
  const deletions = oldest('deletions', 'backup_id', "ended_utc IS NOT NULL AND children = '[]' AND ended_utc < ?");
  return (beforeUtc) => {
    const taken = [
      restores.run(beforeUtc).changes,
      deletions.run(beforeUtc).changes,
      failures.run(Math.floor(beforeUtc / DAY)).changes,
    ];
    return taken.includes(PAGE);
  };
}

export function forgettingStore(db: Database): ForgettingPort {
  const note = db.transaction(noteStore(db));
  const forget = db.transaction(forgetStore(db));
  const trim = db.transaction(trimStore(db));
  return {
    noteLeft: async (left, nowUtc) => note.immediate(left, nowUtc),
    forget: async (projectId, beforeUtc) => forget.immediate(projectId, beforeUtc),
    trimEnded: async (beforeUtc) => trim.immediate(beforeUtc),
  };
}
