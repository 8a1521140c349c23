import type { Database } from 'better-sqlite3';
import { type Hold, type Instant, intervalMs, type Mark, type Measures, type Reason } from '../../lib/core/index.ts';
import type { OutlookPort, OutlookResult, OutlookSchedule, ProjectOutlook, ScheduleChange } from '../ports/outlook.ts';
import { given } from './given.ts';
import { storedPolicy } from './stored-policy.ts';

interface ScheduleRow {
  readonly id: string;
  readonly type: string;
  readonly version: string;
  readonly createdUtc: Instant;
  readonly configured: string | null;
  readonly policy: string;
  readonly adapted: string | null;
  readonly refused: string | null;
  readonly nextSlotUtc: Instant;
  readonly firstSlotUtc: Instant;
}

interface Row {
  readonly isChanged: 0 | 1;
  readonly measures: string | null;
  readonly told: string | null;
  readonly toldUtc: Instant | null;
}

/** One that cannot be read makes no backups: it needs no room. */
function scheduleOf(row: ScheduleRow): readonly OutlookSchedule[] {
  const policy = storedPolicy(row.policy);
  const configured = row.configured === null ? policy : storedPolicy(row.configured);
  if ('rule' in policy || 'rule' in configured) return [];
  const { id, type, version, createdUtc, nextSlotUtc } = row;
  return [
    {
      instance: { id, datastore: { type, version }, createdUtc },
      configured,
      policy,
      adapted: row.adapted === null ? [] : (JSON.parse(row.adapted) as readonly Reason[]),
      refused: row.refused === null ? null : (JSON.parse(row.refused) as Reason),
      nextSlotUtc,
      isFirst: nextSlotUtc === row.firstSlotUtc,
    },
  ];
}

function changeStore(db: Database): (change: ScheduleChange) => boolean {
  const update = db.prepare<[Readonly<Record<string, string | number | null>>]>(
    `UPDATE schedules SET policy = @policy, configured = nullif(@configured, @policy), adapted = @adapted,
       refused = @refused, interval_ms = @intervalMs, next_slot_utc = coalesce(@nextSlotUtc, next_slot_utc)
     WHERE instance_id = @instanceId AND active = 1 AND coalesce(configured, policy) = @configured`,
  );
  return ({ instanceId, configured, policy, adapted, refused, nextSlotUtc }) =>
    update.run({
      instanceId,
      configured: JSON.stringify(configured),
      policy: JSON.stringify(policy),
      adapted: adapted.length === 0 ? null : JSON.stringify(adapted),
      refused: refused === null ? null : JSON.stringify(refused),
      intervalMs: intervalMs(policy.cadence),
      nextSlotUtc,
    }).changes > 0;
}

function knownStore(db: Database): (projectId: string) => ProjectOutlook {
  const last = db.prepare<[string], Row>(
    'SELECT is_changed AS isChanged, measures, told, told_utc AS toldUtc FROM outlooks WHERE project_id = ?',
  );
  const schedules = db.prepare<[string], ScheduleRow>(
    `SELECT s.instance_id AS id, i.datastore_type AS type, i.datastore_version AS version, i.created_utc AS createdUtc,
       s.configured, s.policy, s.adapted, s.refused, s.next_slot_utc AS nextSlotUtc, s.first_slot_utc AS firstSlotUtc
     FROM schedules s JOIN instances i ON i.instance_id = s.instance_id WHERE s.active = 1 AND s.project_id = ?`,
  );
  const holds = db.prepare<[string], Hold>(
    'SELECT backup_id AS backupId, owner, note, until_utc AS untilUtc FROM holds WHERE instance_id = ?',
  );
  const marks = db.prepare<[string], Mark>(
    'SELECT backup_id AS backupId, marked_utc AS markedUtc FROM marks WHERE instance_id = ?',
  );
  return (projectId) => {
    const row = last.get(projectId);
    const found = schedules.all(projectId).flatMap(scheduleOf);
    const { measures = null, told = null, toldUtc = null } = row ?? {};
    return {
      schedules: found,
      holds: found.flatMap(({ instance }) => holds.all(instance.id)),
      marks: found.flatMap(({ instance }) => marks.all(instance.id)),
      measures: measures === null ? null : (JSON.parse(measures) as Measures),
      isChanged: row?.isChanged === 1,
      told: told === null || toldUtc === null ? null : { because: JSON.parse(told) as Reason, atUtc: toldUtc },
    };
  };
}

function saveStore(db: Database): (result: OutlookResult) => ReadonlySet<string> {
  const change = changeStore(db);
  const dueOf = db.prepare<[string], { due: Instant; isChanged: 0 | 1 }>(
    'SELECT due_utc AS due, is_changed AS isChanged FROM outlooks WHERE project_id = ?',
  );
  const save = db.prepare<[Readonly<Record<string, string | number | null>>]>(
    `UPDATE outlooks SET due_utc = @due, is_changed = @isChanged, made_by = @madeBy, quota_limit = @limit,
       measures = @measures, is_short = @isShort, told = @told, told_utc = @toldUtc WHERE project_id = @projectId`,
  );
  return ({ projectId, measures, madeBy, told, nextUtc, changes }) => {
    const before = dueOf.get(projectId);
    const changed = changes.filter(change).map(({ instanceId }) => instanceId);
    // What is changed here is no reason for another look; what was changed during this one is.
    const stays = before !== undefined && before.due !== nextUtc;
    save.run({
      projectId,
      due: stays ? before.due : nextUtc,
      isChanged: stays ? before.isChanged : 0,
      madeBy,
      limit: measures.limit,
      measures: JSON.stringify(measures),
      isShort: told === null ? 0 : 1,
      told: told === null ? null : JSON.stringify(told.because),
      toldUtc: told?.atUtc ?? null,
    });
    return new Set(changed);
  };
}

export function outlookStore(db: Database): OutlookPort {
  const known = db.transaction(knownStore(db));
  const postpone = db.prepare<[Instant, string]>('UPDATE outlooks SET due_utc = ? WHERE project_id = ?');
  const begin = db.transaction((projectId: string, nextUtc: Instant) => {
    postpone.run(nextUtc, projectId);
    return known(projectId);
  });
  const save = db.transaction(saveStore(db));
  // As two, of which each goes by the index.
  const madeBefore = db.prepare<[string]>('UPDATE outlooks SET due_utc = 0 WHERE made_by < ?');
  const madeAfter = db.prepare<[string]>('UPDATE outlooks SET due_utc = 0 WHERE made_by > ?');
  const settings = db.transaction((madeBy: string) => {
    madeBefore.run(madeBy);
    madeAfter.run(madeBy);
  });
  const due = db.prepare<[Instant, number], { id: string }>(
    `SELECT project_id AS id FROM outlooks WHERE due_utc <= ${given('?')} ORDER BY due_utc LIMIT ${given('?')}`,
  );
  const next = db.prepare<[], { at: Instant | null }>('SELECT min(due_utc) AS at FROM outlooks');
  const request = db.prepare<[string]>('UPDATE outlooks SET due_utc = 0 WHERE project_id = ?');
  const limit = db.prepare<[string, number]>(
    'UPDATE outlooks SET due_utc = 0 WHERE project_id = ? AND quota_limit <> ? AND due_utc > 0',
  );
  const short = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM outlooks WHERE is_short = 1');
  return {
    settingsAre: async (madeBy) => settings.immediate(madeBy),
    due: async (nowUtc, most) => due.all(nowUtc, most).map(({ id }) => id),
    nextDue: async () => next.get()?.at ?? null,
    known: async (projectId) => known(projectId),
    begin: async (projectId, nextUtc) => begin.immediate(projectId, nextUtc),
    save: async (result) => save.immediate(result),
    request: async (projectId) => void request.run(projectId),
    limitSeen: async (projectId, seen) => limit.run(projectId, seen).changes > 0,
    countShort: async () => short.get()?.n ?? 0,
  };
}
