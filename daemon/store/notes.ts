import type { Database } from 'better-sqlite3';
import type { Note, NotesPort, PendingNote } from '../ports/notes.ts';
import { given } from './given.ts';

/** Guests can forge messages without end; a region has fewer instances, and beyond this the whole list is cheaper. */
const MOST_NOTES = 100_000;
/** So many may come between two counts of the table. */
const UNCOUNTED = 1_000;

export function notesStore(db: Database, most = MOST_NOTES): NotesPort {
  const insert = db.prepare<[string, string, number]>(
    `INSERT INTO notes (instance_id, project_id, revision) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision`,
  );
  const count = db.prepare<[], { notes: number; revision: number }>(
    'SELECT count(*) AS notes, coalesce(max(revision), 0) AS revision FROM notes',
  );
  const clear = db.prepare('DELETE FROM notes');
  const pending = db.prepare<[string, string, number], PendingNote>(
    `SELECT instance_id AS instanceId, project_id AS projectId, revision FROM notes
     WHERE (instance_id, project_id) > (${given('?')}, ${given('?')}) ORDER BY instance_id, project_id LIMIT ${given('?')}`,
  );
  const settle = db.prepare<[string, string, number]>(
    'DELETE FROM notes WHERE instance_id = ? AND project_id = ? AND revision = ?',
  );
  const first = count.get();
  /** Never used again while we live: a note that came after an overflow is not settled in the name of one before. */
  let revision = first?.revision ?? 0;
  /** There are at most so many. */
  let bound = first?.notes ?? 0;
  let uncounted = 0;

  function overflows(): boolean {
    if (bound <= most || uncounted < Math.min(UNCOUNTED, most)) return false;
    bound = count.get()?.notes ?? 0;
    uncounted = 0;
    return bound > most;
  }

  const noteAll = db.transaction((notes: readonly Note[]): 'noted' | 'overflow' => {
    revision++;
    for (const { instanceId, projectId } of notes) insert.run(instanceId, projectId, revision);
    bound += notes.length;
    uncounted += notes.length;
    if (!overflows()) return 'noted';
    clear.run();
    return 'overflow';
  });
  const settleAll = db.transaction((notes: readonly PendingNote[]) => {
    for (const { instanceId, projectId, revision } of notes) settle.run(instanceId, projectId, revision);
  });
  return {
    note: async (notes) => {
      const result = noteAll.immediate(notes);
      if (result === 'overflow') bound = 0;
      return result;
    },
    pendingNotes: async (limit, after) => pending.all(after?.instanceId ?? '', after?.projectId ?? '', limit),
    settleNotes: async (notes) => settleAll.immediate(notes),
  };
}
