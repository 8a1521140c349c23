import type { Database } from 'better-sqlite3';
import type { Instant, Reason } from '../../lib/core/index.ts';
import type { Held, Marked, MarksPort, MarksQuery } from '../ports/marks.ts';
import { standstillsOf } from './standstills.ts';

type Row = Omit<Marked, 'because' | 'standstills'> & { readonly because: string };
type Page = { readonly projectId: string | null; readonly at: Instant; readonly id: string; readonly limit: number };

const MARK = `SELECT m.backup_id AS backupId, m.instance_id AS instanceId, m.project_id AS projectId, m.because,
    m.marked_utc AS markedUtc FROM marks m`;
/** Whose DELETE has been asked for is past its grace. */
const WAITS = `NOT EXISTS (SELECT 1 FROM deletions d WHERE d.backup_id = m.backup_id AND d.ended_utc IS NULL)
    AND NOT EXISTS (SELECT 1 FROM departures d WHERE d.backup_id = m.backup_id)`;
const AFTER = '(m.marked_utc, m.backup_id) < (@at, @id)';
const NEWEST = 'ORDER BY m.marked_utc DESC, m.backup_id DESC LIMIT @limit';
const HOLD = `SELECT backup_id AS backupId, instance_id AS instanceId, project_id AS projectId, owner, note,
    until_utc AS untilUtc FROM holds WHERE (until_utc IS NULL OR until_utc > @nowUtc)`;

export function marksStore(db: Database): MarksPort {
  const standstills = standstillsOf(db);
  const ofProject = db.prepare<[Page], Row>(
    `${MARK} WHERE m.project_id = @projectId AND ${AFTER} AND ${WAITS} ${NEWEST}`,
  );
  const ofAll = db.prepare<[Page], Row>(`${MARK} WHERE ${AFTER} AND ${WAITS} ${NEWEST}`);
  const ofInstance = db.prepare<[string], Row>(`${MARK} WHERE m.instance_id = ? AND ${WAITS}`);
  const holds = db.prepare<[{ projectId: string; nowUtc: Instant }], Held>(`${HOLD} AND project_id = @projectId`);
  const hold = db.prepare<[{ projectId: string; backupId: string; nowUtc: Instant }], Held>(
    `${HOLD} AND backup_id = @backupId AND project_id = @projectId`,
  );

  /** The marks of one instance wait for the same. */
  function withStandstills(rows: readonly Row[], nowUtc: Instant): readonly Marked[] {
    const known = new Map<string, Marked['standstills']>();
    return rows.map((row) => {
      const found = known.get(row.instanceId) ?? standstills(row.instanceId, nowUtc);
      known.set(row.instanceId, found);
      return { ...row, because: JSON.parse(row.because) as Reason, standstills: found };
    });
  }

  function page({ projectId, limit, before }: MarksQuery): readonly Row[] {
    const { markedUtc: at, backupId: id } = before ?? { markedUtc: Number.MAX_SAFE_INTEGER, backupId: '' };
    const asked = { projectId, at, id, limit };
    return projectId === null ? ofAll.all(asked) : ofProject.all(asked);
  }

  return {
    marks: async (query, nowUtc) => withStandstills(page(query), nowUtc),
    marksOf: async (instanceId, nowUtc) => withStandstills(ofInstance.all(instanceId), nowUtc),
    holds: async (projectId, nowUtc) => holds.all({ projectId, nowUtc }),
    hold: async (projectId, backupId, nowUtc) => hold.get({ projectId, backupId, nowUtc }) ?? null,
  };
}
