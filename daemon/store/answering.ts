import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { plain } from './guard.ts';
import { identityOf } from './presence.ts';
import type { Answer, Place, Question } from './thread.ts';

/** The other end of `createThread`, in the worker. */
const { path, identity } = workerData as Place;

/** A copy that somebody has just put in the store's place must not get the pages of its journal. */
export function openPlace(options: Database.Options): Database.Database {
  const isOurs = (): boolean => identity !== null && identityOf(path) === identity;
  if (!isOurs()) throw new Error(`the store ${path} is not the file that the daemon has open`);
  const opened = new Database(path, { ...options, fileMustExist: true });
  if (isOurs()) return opened;
  opened.close();
  throw new Error(`the store ${path} was replaced while it was being opened`);
}

type Method = (...given: readonly unknown[]) => Promise<unknown>;
type Moved = Parameters<MessagePort['postMessage']>[1];

/** `moved`: what of an answer is handed over instead of copied. */
export function answering(methods: object, moved: (value: unknown) => Moved = () => []): void {
  parentPort?.on('message', async ({ id, method, args }: Question) => {
    const ask = (methods as Readonly<Record<string, Method>>)[method];
    const answer: Answer = await Promise.resolve(ask?.(...args)).then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, error: plain(error, path) }),
    );
    parentPort?.postMessage(answer, moved(answer.value));
  });
}
