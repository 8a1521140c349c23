/** How a schedule was put together, for who shows it; null where its values are the operator's and nothing is said of them. */
export const layersShown = `
ALTER TABLE schedules ADD COLUMN layers TEXT;
`;
