import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import {
  canonical,
  type DecisionKind,
  type Instant,
  type RecordedDecision,
  type StoredDecision,
} from '../../lib/core/index.ts';
import type { DecisionsOf, DecisionsPage, DecisionsPort } from '../ports/decisions.ts';

const DAY = 86_400_000;
const KEPT_DAYS = 7;
/** Of all instances together: about a quarter of a gigabyte. */
const MOST = 200_000;
/** Rows that one transaction takes away, or one page gives. */
const PAGE = 500;

interface Row {
  readonly id: number;
  readonly kind: DecisionKind;
  readonly instanceId: string;
  readonly projectId: string;
  readonly atUtc: Instant;
  readonly digest: string;
  readonly facts: string;
  readonly policy: string;
  readonly backups: string;
  readonly outcome: string;
}

const dayOf = (nowUtc: Instant): number => Math.floor(nowUtc / DAY);
const digestOf = (...texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\n');
  return hash.digest('hex');
};
/** Until when something waits is new each time it is looked at. */
function senseOf(outcome: string): string {
  const { untilUtc: _, ...sense } = JSON.parse(outcome) as Readonly<Record<string, unknown>>;
  return canonical(sense);
}
const toStored = ({ id: _, ...row }: Row): StoredDecision => ({
  ...row,
  facts: JSON.parse(row.facts) as unknown,
  outcome: JSON.parse(row.outcome) as unknown,
});

function recordStore(db: Database): (decisions: readonly RecordedDecision[]) => void {
  const last = db.prepare<[string, DecisionKind], Pick<Row, 'atUtc' | 'policy' | 'backups' | 'outcome'>>(
    `SELECT at_utc AS atUtc, policy, backups, outcome FROM decisions WHERE instance_id = ? AND kind = ?
     ORDER BY at_utc DESC LIMIT 1`,
  );
  const insert = db.prepare<[Omit<Row, 'id'>]>(
    `INSERT INTO decisions (instance_id, project_id, at_utc, kind, digest, facts, policy, backups, outcome)
     VALUES (@instanceId, @projectId, @atUtc, @kind, @digest, @facts, @policy, @backups, @outcome)`,
  );
  const use = db.prepare<[number, string]>('UPDATE inputs SET used_day = max(used_day, ?) WHERE digest = ?');
  const add = db.prepare<[string, number, Buffer]>('INSERT INTO inputs (digest, used_day, body) VALUES (?, ?, ?)');

  function share(text: string, day: number): string {
    const digest = digestOf(text);
    if (use.run(day, digest).changes === 0) add.run(digest, day, deflateRawSync(text));
    return digest;
  }
  return (decisions) => {
    for (const { policy, backups, ...decision } of decisions) {
      const day = dayOf(decision.atUtc);
      const shared = { policy: digestOf(policy), backups: digestOf(backups) };
      const before = last.get(decision.instanceId, decision.kind);
      const isSame =
        before?.policy === shared.policy &&
        before.backups === shared.backups &&
        senseOf(before.outcome) === senseOf(decision.outcome);
      if (isSame && Math.abs(decision.atUtc - before.atUtc) < DAY) continue;
      share(policy, day);
      share(backups, day);
      insert.run({ ...decision, ...shared, digest: digestOf(decision.facts, policy, backups) });
    }
  };
}

function pageStore(db: Database) {
  const columns = `id, kind, instance_id AS instanceId, project_id AS projectId, at_utc AS atUtc, digest, facts, policy,
    backups, outcome`;
  type Asked = { of: string; fromUtc: Instant; toUtc: Instant; after: number };
  const by = (column: 'instance_id' | 'project_id') =>
    db.prepare<[Asked], Row>(
      `SELECT ${columns} FROM decisions WHERE ${column} = @of AND at_utc >= @fromUtc AND at_utc < @toUtc AND id > @after
       ORDER BY id LIMIT ${PAGE}`,
    );
  const [ofInstance, ofProject] = [by('instance_id'), by('project_id')];
  const body = db.prepare<[string], { body: Buffer }>('SELECT body FROM inputs WHERE digest = ?');
  const inputOf = (digest: string): readonly [string, unknown][] => {
    const row = body.get(digest);
    return row ? [[digest, JSON.parse(inflateRawSync(row.body).toString('utf8')) as unknown]] : [];
  };
  return (of: DecisionsOf, fromUtc: Instant, toUtc: Instant, after: number): DecisionsPage => {
    const asked = { fromUtc, toUtc, after };
    const rows =
      'instanceId' in of
        ? ofInstance.all({ ...asked, of: of.instanceId })
        : ofProject.all({ ...asked, of: of.projectId });
    const named = new Set(rows.flatMap(({ policy, backups }) => [policy, backups]));
    return {
      decisions: rows.map(toStored),
      inputs: Object.fromEntries([...named].flatMap(inputOf)),
      next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null),
    };
  };
}

export function decisionsStore(db: Database): DecisionsPort {
  const write = db.transaction(recordStore(db));
  const page = db.transaction(pageStore(db));
  const old = db.prepare<[Instant, number]>(
    `DELETE FROM decisions WHERE id IN (SELECT id FROM (SELECT id, at_utc FROM decisions WHERE id > 0 ORDER BY id LIMIT ${PAGE})
       WHERE at_utc < ? OR id <= ?)`,
  );
  const newest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM decisions');
  const unused = db.prepare<[number]>(
    `DELETE FROM inputs WHERE digest IN (SELECT digest FROM inputs WHERE used_day < ? LIMIT ${PAGE})`,
  );
  const trim = db.transaction((nowUtc: Instant): boolean => {
    const taken = old.run(nowUtc - KEPT_DAYS * DAY, (newest.get()?.id ?? 0) - MOST).changes;
    return taken + unused.run(dayOf(nowUtc) - KEPT_DAYS - 1).changes > 0;
  });
  return {
    async record(decisions) {
      if (decisions.length === 0) return;
      // The sync of the intent that follows takes it to the disk as well; by itself it is not worth one.
      db.pragma('synchronous = NORMAL');
      try {
        write.immediate(decisions);
      } finally {
        db.pragma('synchronous = FULL');
      }
    },
    recorded: async (of, fromUtc, toUtc, after) => page(of, fromUtc, toUtc, after ?? 0),
    trim: async (nowUtc) => trim.immediate(nowUtc),
  };
}
