import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { AuditEntry, AuditIntent, AuditPort, AuditQuery } from '../ports/audit.ts';

type Outcome = NonNullable<AuditEntry['ended']>['outcome'];

interface Row extends Omit<AuditEntry, 'id' | 'before' | 'ended'> {
  readonly id: number;
  readonly before: string;
  readonly outcome: Outcome | null;
  readonly after: string | null;
}

interface Wanted {
  readonly projectId: string | null;
  readonly targetId: string | null;
  readonly older: number;
  readonly limit: number;
}

const NEWEST = Number.MAX_SAFE_INTEGER;

const ENTRIES = `SELECT i.entry_id AS id, i.at_utc AS atUtc, i.project_id AS projectId, i.user_id AS userId,
    i.user_name AS userName, i.action, i.target_id AS targetId, i.before, i.request_id AS requestId, o.outcome, o.after
  FROM audit_intents i LEFT JOIN audit_outcomes o ON o.entry_id = i.entry_id`;

/** By which index: one statement with a choice in it would have none. */
const WHERE = {
  all: '',
  project: 'i.project_id = @projectId AND',
  target: 'i.target_id = @targetId AND',
  both: 'i.project_id = @projectId AND i.target_id = @targetId AND',
} as const;

function whichOf({ projectId, targetId }: AuditQuery): keyof typeof WHERE {
  if (projectId === null) return targetId === null ? 'all' : 'target';
  return targetId === null ? 'project' : 'both';
}

function entryOf({ id, before, outcome, after, ...row }: Row): AuditEntry {
  const ended = outcome === null ? null : { outcome, after: JSON.parse(after ?? 'null') as unknown };
  return { ...row, id: String(id), before: JSON.parse(before) as unknown, ended };
}

/** What is no JSON, as undefined, is nothing. */
const text = (value: unknown): string => JSON.stringify(value) ?? 'null';

export function auditStore(db: Database): AuditPort {
  const intend = db.prepare<[Omit<AuditIntent, 'before'> & { before: string; nowUtc: Instant }]>(
    `INSERT INTO audit_intents (at_utc, project_id, user_id, user_name, action, target_id, before, request_id)
     VALUES (@nowUtc, @projectId, @userId, @userName, @action, @targetId, @before, @requestId)`,
  );
  const finish = db.prepare<[number, Outcome, string]>(
    'INSERT INTO audit_outcomes (entry_id, outcome, after) VALUES (?, ?, ?)',
  );
  const listBy = (where: string) =>
    db.prepare<[Wanted], Row>(`${ENTRIES} WHERE ${where} i.entry_id < @older ORDER BY i.entry_id DESC LIMIT @limit`);
  const list = {
    all: listBy(WHERE.all),
    project: listBy(WHERE.project),
    target: listBy(WHERE.target),
    both: listBy(WHERE.both),
  };
  return {
    begin: async (intent, nowUtc) =>
      String(intend.run({ ...intent, before: text(intent.before), nowUtc }).lastInsertRowid),
    end: async (id, outcome, after) => void finish.run(Number(id), outcome, text(after)),
    entries: async (query) => {
      const { projectId, targetId, limit, before } = query;
      const older = before === null ? NEWEST : Number(before);
      return list[whichOf(query)].all({ projectId, targetId, older, limit }).map(entryOf);
    },
  };
}
