import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { plain } from './guard.ts';
import { readModelStore } from './read-model.ts';
import type { Answer, Question } from './read-thread.ts';
import { upkeepStore } from './upkeep.ts';

/**
 * The thread that counts, lists and copies the journal: SQLite is synchronous, and two million rows or a thousand pages
 * would keep the bus and the slots waiting. Since it does one after the other, no reading of its own holds the journal up.
 */
const path = String(workerData);
const db = new Database(path, { readonly: true, fileMustExist: true });
/** Copying is all that it may: to that SQLite wants a connection that could write. */
const copier = new Database(path, { fileMustExist: true });
copier.pragma('query_only = ON');
const ports = { ...readModelStore(db), ...upkeepStore(copier) };

parentPort?.on('message', async ({ id, method, args }: Question) => {
  const ask = ports[method] as (...given: readonly unknown[]) => Promise<unknown>;
  const answer: Answer = await ask(...args).then(
    (value) => ({ id, value }),
    (error: unknown) => ({ id, error: plain(error, path) }),
  );
  parentPort?.postMessage(answer);
});
