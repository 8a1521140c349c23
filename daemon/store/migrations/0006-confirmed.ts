/** What an operator or Keystone confirmed to be gone is not counted towards what may vanish in a day. */
export const confirmed = `
ALTER TABLE instances ADD COLUMN gone_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (gone_confirmed IN (0, 1));
`;
