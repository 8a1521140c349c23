import type { Database } from 'better-sqlite3';
import type { Note, NotesPort, PendingNote } from '../ports/notes.ts';

export function notesStore(db: Database): NotesPort {
  const insert = db.prepare<[string, string]>(
    `INSERT INTO notes (instance_id, project_id, revision) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET revision = revision + 1`,
  );
  const pending = db.prepare<[string, string, number], PendingNote>(
    `SELECT instance_id AS instanceId, project_id AS projectId, revision FROM notes
     WHERE (instance_id, project_id) > (?, ?) ORDER BY instance_id, project_id LIMIT ?`,
  );
  const settle = db.prepare<[string, string, number]>(
    'DELETE FROM notes WHERE instance_id = ? AND project_id = ? AND revision = ?',
  );
  const noteAll = db.transaction((notes: readonly Note[]) => {
    for (const { instanceId, projectId } of notes) insert.run(instanceId, projectId);
  });
  const settleAll = db.transaction((notes: readonly PendingNote[]) => {
    for (const { instanceId, projectId, revision } of notes) settle.run(instanceId, projectId, revision);
  });
  return {
    note: async (notes) => noteAll.immediate(notes),
    pendingNotes: async (limit, after) => pending.all(after?.instanceId ?? '', after?.projectId ?? '', limit),
    settleNotes: async (notes) => settleAll.immediate(notes),
  };
}
