/**
 * Who asked for which change, and what came of it, a line each: neither is ever changed or taken away, and an entry has
 * one end. A REPLACE would take a line away without a word to the triggers of DELETE, so it is refused before.
 */
const appendOnly = (table: string, isThere: string): string => `
CREATE TRIGGER ${table}_once BEFORE INSERT ON ${table} WHEN ${isThere}
BEGIN SELECT RAISE(ABORT, 'the audit has this line already'); END;
CREATE TRIGGER ${table}_stays BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;`;

export const audit = `
CREATE TABLE audit_intents (
  entry_id   INTEGER PRIMARY KEY AUTOINCREMENT,
  at_utc     INTEGER NOT NULL,
  project_id TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  user_name  TEXT NOT NULL,
  action     TEXT NOT NULL,
  target_id  TEXT NOT NULL,
  before     TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_project ON audit_intents (project_id, entry_id);
CREATE INDEX audit_of_target ON audit_intents (target_id, entry_id);
CREATE INDEX audit_of_target_in_project ON audit_intents (project_id, target_id, entry_id);
${appendOnly('audit_intents', 'EXISTS (SELECT 1 FROM audit_intents WHERE entry_id = new.entry_id)')}

CREATE TABLE audit_outcomes (
  entry_id INTEGER PRIMARY KEY REFERENCES audit_intents (entry_id),
  outcome  TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  after    TEXT NOT NULL
) STRICT;
${appendOnly('audit_outcomes', 'EXISTS (SELECT 1 FROM audit_outcomes WHERE entry_id = new.entry_id)')}
`;
