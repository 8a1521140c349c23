import type { Database } from 'better-sqlite3';
import {
  type DurationMs,
  type Instant,
  type LastRun,
  protection,
  type Reason,
  type RuleName,
} from '../../lib/core/index.ts';
import type { Lacking, ProtectionNews } from '../ports/read-model.ts';

/** What was told of whom: of this connection alone, so that a new life, or a new thread, tells all of it again. */
export const TOLD =
  'CREATE TEMP TABLE IF NOT EXISTS told (instance_id TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID';

interface Row {
  readonly instanceId: string;
  readonly projectId: string;
  readonly intervalMs: DurationMs;
  readonly firstSlotUtc: Instant;
  readonly newestPointUtc: Instant | null;
  readonly lastRun: string | null;
  readonly told: string | null;
}

const LACKS = `s.active = 1 AND @nowUtc > CASE WHEN s.newest_point_utc IS NULL
  THEN s.first_slot_utc + min(s.interval_ms / 2, 3600000) ELSE s.newest_point_utc + s.interval_ms * 3 / 2 END`;

/** The reasons are read of those alone that are counted by them or told now: most are late as they were a moment ago. */
const LACKING = `SELECT s.instance_id AS instanceId, s.project_id AS projectId, s.interval_ms AS intervalMs,
    s.first_slot_utc AS firstSlotUtc, s.newest_point_utc AS newestPointUtc, t.state AS told,
    CASE WHEN s.newest_point_utc IS NULL OR t.state IS NOT 'late' THEN
      (SELECT json_object('slotUtc', slot_utc, 'state', state, 'because', json(because)) FROM runs r
        WHERE r.instance_id = s.instance_id ORDER BY slot_utc DESC LIMIT 1) END AS lastRun
  FROM schedules s LEFT JOIN told t ON t.instance_id = s.instance_id WHERE ${LACKS}`;

const RECOVERED = `SELECT t.instance_id AS instanceId, coalesce(s.active, 0) AS isScheduled
  FROM told t LEFT JOIN schedules s ON s.instance_id = t.instance_id
  WHERE coalesce(${LACKS}, 0) = 0 LIMIT @atMost`;

function reasonOf({ lastRun, ...row }: Row, nowUtc: Instant): Reason {
  const run = lastRun === null ? null : (JSON.parse(lastRun) as LastRun);
  return protection({ kind: 'scheduled', ...row, lastRun: run }, nowUtc).because;
}

function survey(rows: Iterable<Row>, nowUtc: Instant, atMost: number): Omit<ProtectionNews, 'recovered'> {
  const worse: Lacking[] = [];
  const unprotectedBy = new Map<RuleName, number>();
  let late = 0;
  let waiting = 0;
  for (const row of rows) {
    const { instanceId, projectId, newestPointUtc, told } = row;
    const state = newestPointUtc === null ? 'unprotected' : 'late';
    const because = reasonOf(row, nowUtc);
    if (state === 'late') late += 1;
    else unprotectedBy.set(because.rule, (unprotectedBy.get(because.rule) ?? 0) + 1);
    if (told === state) continue;
    if (worse.length < atMost) worse.push({ instanceId, projectId, newestPointUtc, state, because });
    else waiting += 1;
  }
  return { late, unprotectedBy, worse, waiting };
}

/** Who lacks a recent point, and since the last call. However many they are, no more than `atMost` of each are held. */
export function protectionStore(db: Database): (nowUtc: Instant, atMost: number) => ProtectionNews {
  db.exec(TOLD);
  const lacking = db.prepare<[{ nowUtc: Instant }], Row>(LACKING);
  const recovered = db.prepare<
    [{ nowUtc: Instant; atMost: number }],
    { readonly instanceId: string; readonly isScheduled: 0 | 1 }
  >(RECOVERED);
  const tell = db.prepare<[string, string]>(
    'INSERT INTO told (instance_id, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  );
  const forget = db.prepare<[string]>('DELETE FROM told WHERE instance_id = ?');

  return db.transaction((nowUtc: Instant, atMost: number): ProtectionNews => {
    const news = survey(lacking.iterate({ nowUtc }), nowUtc, atMost);
    const over = recovered.all({ nowUtc, atMost });
    for (const { instanceId, state } of news.worse) tell.run(instanceId, state);
    for (const { instanceId } of over) forget.run(instanceId);
    // Whoever is not for us to back up any more has not recovered.
    const ids = over.flatMap(({ instanceId, isScheduled }) => (isScheduled === 1 ? [instanceId] : []));
    return { ...news, recovered: ids };
  });
}
