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
import { isPaused } from './standstills.ts';

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

const LACKS = `s.active = 1 AND NOT ${isPaused('s.instance_id', '@nowUtc')} AND @nowUtc > CASE WHEN s.newest_point_utc IS NULL
  THEN s.first_slot_utc + min(s.interval_ms / 2, 3600000) ELSE s.newest_point_utc + s.interval_ms * 3 / 2 END`;

const lastRunOf = (instanceId: string): string =>
  `(SELECT json_object('slotUtc', slot_utc, 'state', state, 'because', json(because)) FROM runs r
    WHERE r.instance_id = ${instanceId} AND r.origin = 'scheduled' ORDER BY slot_utc DESC LIMIT 1)`;

/** The reason of each that is unprotected is counted; of one that is late it is looked up when that is told. */
const LACKING = `SELECT s.instance_id AS instanceId, s.project_id AS projectId, s.interval_ms AS intervalMs,
    s.first_slot_utc AS firstSlotUtc, s.newest_point_utc AS newestPointUtc, t.state AS told,
    CASE WHEN s.newest_point_utc IS NULL THEN ${lastRunOf('s.instance_id')} END AS lastRun
  FROM schedules s LEFT JOIN told t ON t.instance_id = s.instance_id WHERE ${LACKS}`;

const RECOVERED = `SELECT t.instance_id AS instanceId, coalesce(s.active, 0) AND NOT ${isPaused('t.instance_id', '@nowUtc')} AS isScheduled
  FROM told t LEFT JOIN schedules s ON s.instance_id = t.instance_id
  WHERE coalesce(${LACKS}, 0) = 0 LIMIT @atMost`;

const stateOf = ({ newestPointUtc }: Row): Lacking['state'] => (newestPointUtc === null ? 'unprotected' : 'late');

function reasonOf({ lastRun, ...row }: Row, nowUtc: Instant): Reason {
  const run = lastRun === null ? null : (JSON.parse(lastRun) as LastRun);
  return protection({ kind: 'scheduled', ...row, lastRun: run }, nowUtc).because;
}

type Survey = Pick<ProtectionNews, 'late' | 'unprotectedBy' | 'waiting'> & { readonly news: readonly Row[] };

function survey(rows: Iterable<Row>, nowUtc: Instant, atMost: number): Survey {
  const news: Row[] = [];
  const unprotectedBy = new Map<RuleName, number>();
  let late = 0;
  let waiting = 0;
  for (const row of rows) {
    if (stateOf(row) === 'late') late += 1;
    else {
      const { rule } = reasonOf(row, nowUtc);
      unprotectedBy.set(rule, (unprotectedBy.get(rule) ?? 0) + 1);
    }
    if (row.told === stateOf(row)) continue;
    if (news.length < atMost) news.push(row);
    else waiting += 1;
  }
  return { late, unprotectedBy, news, waiting };
}

/** Who lacks a recent point, and since the last call. However many they are, no more than `atMost` of each are held. */
export function protectionStore(db: Database): (nowUtc: Instant, atMost: number) => ProtectionNews {
  db.exec(TOLD);
  const lacking = db.prepare<[{ nowUtc: Instant }], Row>(LACKING);
  const lastRun = db.prepare<[string], { readonly lastRun: string | null }>(`SELECT ${lastRunOf('?')} AS lastRun`);
  const recovered = db.prepare<
    [{ nowUtc: Instant; atMost: number }],
    { readonly instanceId: string; readonly isScheduled: 0 | 1 }
  >(RECOVERED);
  const tell = db.prepare<[string, string]>(
    'INSERT INTO told (instance_id, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  );
  const forget = db.prepare<[string]>('DELETE FROM told WHERE instance_id = ?');

  return db.transaction((nowUtc: Instant, atMost: number): ProtectionNews => {
    const { news, ...counts } = survey(lacking.iterate({ nowUtc }), nowUtc, atMost);
    const worse = news.map((row): Lacking => {
      const { instanceId, projectId, newestPointUtc } = row;
      const because = reasonOf({ ...row, lastRun: lastRun.get(instanceId)?.lastRun ?? null }, nowUtc);
      return { instanceId, projectId, newestPointUtc, state: stateOf(row), because };
    });
    const over = recovered.all({ nowUtc, atMost });
    for (const { instanceId, state } of worse) tell.run(instanceId, state);
    for (const { instanceId } of over) forget.run(instanceId);
    // Whoever is not for us to back up any more has not recovered.
    const ids = over.flatMap(({ instanceId, isScheduled }) => (isScheduled === 1 ? [instanceId] : []));
    return { ...counts, worse, recovered: ids };
  });
}
