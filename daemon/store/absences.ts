import type { Database } from 'better-sqlite3';
import { because, type Instant } from '../../lib/core/index.ts';
import type { AbsencePage, InventoryPort, KnownInstance } from '../ports/inventory.ts';
import { given } from './given.ts';
import { scheduleStopper } from './stop-schedule.ts';

const DAY = 86_400_000;
/** Instances that one call goes over. */
const PAGE = 500;

/**
 * Who was seen since a look began. Of this connection alone and never on the disk for good: a look that a crash cut
 * short proves nothing about who is gone.
 */
export const SEEN = 'CREATE TEMP TABLE IF NOT EXISTS seen (instance_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID';

type Absences = Pick<InventoryPort, 'beginLook' | 'markSeen' | 'noteAbsences' | 'goneLately' | 'entomb'>;

interface Living extends KnownInstance {
  readonly absences: number;
  readonly isSeen: 0 | 1;
}

export function absencesStore(db: Database): Absences {
  db.exec(SEEN);
  const forget = db.prepare('DELETE FROM seen');
  const see = db.prepare<[string]>('INSERT INTO seen (instance_id) VALUES (?) ON CONFLICT DO NOTHING');
  const present = db.prepare<[string]>('UPDATE instances SET absences = 0 WHERE instance_id = ? AND absences > 0');
  const living = db.prepare<[string, number], Living>(
    `SELECT instance_id AS instanceId, project_id AS projectId, absences,
       EXISTS (SELECT 1 FROM seen WHERE seen.instance_id = instances.instance_id) AS isSeen
     FROM instances WHERE gone_utc IS NULL AND instance_id > ${given('?')} ORDER BY instance_id LIMIT ${given('?')}`,
  );
  const absent = db.prepare<[string]>('UPDATE instances SET absences = absences + 1 WHERE instance_id = ?');
  const goneSince = db.prepare<[Instant], { n: number }>(
    'SELECT count(*) AS n FROM instances WHERE gone_utc > ? AND gone_confirmed = 0',
  );
  const bury = db.prepare<[Instant, 0 | 1, string]>(
    'UPDATE instances SET gone_utc = ?, gone_confirmed = ? WHERE instance_id = ?',
  );
  const stopSchedule = scheduleStopper(db);

  const note = db.transaction((after: string): AbsencePage => {
    const page = living.all(after, PAGE);
    const knownByProject = new Map<string, number>();
    const absentOnce: KnownInstance[] = [];
    const absentTwice: KnownInstance[] = [];
    for (const { instanceId, projectId, absences, isSeen } of page) {
      knownByProject.set(projectId, (knownByProject.get(projectId) ?? 0) + 1);
      if (isSeen) continue;
      absent.run(instanceId);
      (absences >= 1 ? absentTwice : absentOnce).push({ instanceId, projectId });
    }
    return {
      absentOnce,
      absentTwice,
      knownByProject,
      next: page.length < PAGE ? null : (page.at(-1)?.instanceId ?? null),
    };
  });
  const seeAll = db.transaction((ids: readonly string[]) => {
    for (const id of ids) {
      see.run(id);
      present.run(id);
    }
  });
  const buryAll = db.transaction((instances: readonly KnownInstance[], nowUtc: Instant, isConfirmed: boolean) => {
    for (const { instanceId } of instances) {
      bury.run(nowUtc, isConfirmed ? 1 : 0, instanceId);
      stopSchedule(instanceId, because('instance-gone', {}), nowUtc);
    }
  });
  return {
    beginLook: async () => void forget.run(),
    markSeen: async (ids) => seeAll.immediate(ids),
    noteAbsences: async (after) => note.immediate(after ?? ''),
    goneLately: async (nowUtc) => goneSince.get(nowUtc - DAY)?.n ?? 0,
    entomb: async (instances, nowUtc, isConfirmed) => buryAll.immediate(instances, nowUtc, isConfirmed),
  };
}
