/** What was seen to stand on a backup while its DELETE was under way goes with it. Holds end. */
export const cascades = `
ALTER TABLE deletions ADD COLUMN children TEXT NOT NULL DEFAULT '[]';
CREATE INDEX deletions_took_more ON deletions (instance_id) WHERE children <> '[]';
CREATE INDEX holds_in_time ON holds (until_utc) WHERE until_utc IS NOT NULL;
`;
