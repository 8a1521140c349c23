import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { plain } from './guard.ts';
import { identityOf } from './presence.ts';
import { readModelStore } from './read-model.ts';
import type { Answer, Place, Question } from './read-thread.ts';
import { upkeepStore } from './upkeep.ts';

/**
 * The thread that counts, lists and copies the journal: SQLite is synchronous, and two million rows or a thousand pages
 * would keep the bus and the slots waiting. Since it does one after the other, no reading of its own holds the journal up.
 */
const { path, identity } = workerData as Place;

/** A copy that somebody has just put in the store's place must not get the pages of its journal. */
function open(options: Database.Options): Database.Database {
  const isOurs = (): boolean => identity !== null && identityOf(path) === identity;
  if (!isOurs()) throw new Error(`the store ${path} is not the file that the daemon has open`);
  const opened = new Database(path, { ...options, fileMustExist: true });
  if (isOurs()) return opened;
  opened.close();
  throw new Error(`the store ${path} was replaced while it was being opened`);
}
const db = open({ readonly: true });
/** Copying is all that it may: to that SQLite wants a connection that could write. */
const copier = open({});
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
