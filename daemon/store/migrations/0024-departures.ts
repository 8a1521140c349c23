/** What owners had deleted through this service; gone, or given up, within a day. What goes is asked for by project. */
export const departures = `
CREATE TABLE departures (
  backup_id  TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  asked_utc  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX departures_of_project ON departures (project_id);
CREATE INDEX departures_in_time ON departures (asked_utc);
CREATE INDEX deletions_of_project_open ON deletions (project_id) WHERE ended_utc IS NULL;
`;
