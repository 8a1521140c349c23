import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { readModelStore } from './read-model.ts';
import type { Answer, Question } from './read-thread.ts';

/** The thread that counts and lists: SQLite is synchronous, and two million rows would keep the bus and the slots waiting. */
const db = new Database(String(workerData), { readonly: true, fileMustExist: true });
const model = readModelStore(db);

parentPort?.on('message', async ({ id, method, args }: Question) => {
  const ask = model[method] as (...given: readonly unknown[]) => Promise<unknown>;
  const answer: Answer = await ask(...args).then(
    (value) => ({ id, value }),
    (error: unknown) => ({ id, error }),
  );
  parentPort?.postMessage(answer);
});
