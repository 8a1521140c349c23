import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Departure, DeparturesPort } from '../ports/departures.ts';

export function departuresStore(db: Database): DeparturesPort {
  const insert = db.prepare<[Departure & { nowUtc: Instant }]>(
    `INSERT INTO departures (backup_id, project_id, asked_utc) VALUES (@backupId, @projectId, @nowUtc)
     ON CONFLICT DO UPDATE SET asked_utc = @nowUtc`,
  );
  const remove = db.prepare<[string]>('DELETE FROM departures WHERE backup_id = ?');
  const end = db.prepare<[Instant]>('DELETE FROM departures WHERE asked_utc <= ?');
  const depart = db.transaction((departures: readonly Departure[], nowUtc: Instant): void => {
    for (const departure of departures) insert.run({ ...departure, nowUtc });
  });
  const stay = db.transaction((backupIds: readonly string[]): void => {
    for (const backupId of backupIds) remove.run(backupId);
  });
  return {
    depart: async (departures, nowUtc) => depart.immediate(departures, nowUtc),
    stay: async (backupIds) => stay.immediate(backupIds),
    endDepartures: async (beforeUtc) => void end.run(beforeUtc),
  };
}
