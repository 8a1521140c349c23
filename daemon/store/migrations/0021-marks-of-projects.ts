/** Tenants look at the marks and holds of their project. */
export const marksOfProjects = `
CREATE INDEX marks_of_project ON marks (project_id, marked_utc, backup_id);
CREATE INDEX holds_of_project ON holds (project_id);
`;
