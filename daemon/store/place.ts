import Database from 'better-sqlite3';
import { identityOf } from './presence.ts';

/** The file that is to be opened, and which it is: another may lie at its path by then. */
export interface Place {
  readonly path: string;
  readonly identity: string | null;
}

/** One more connection. A copy that somebody has just put in the store's place must not get the pages of its journal. */
export function openPlace({ path, identity }: Place, options: Database.Options): Database.Database {
  const isOurs = (): boolean => identity !== null && identityOf(path) === identity;
  if (!isOurs()) throw new Error(`the store ${path} is not the file that the daemon has open`);
  const opened = new Database(path, { ...options, fileMustExist: true });
  if (isOurs()) return opened;
  opened.close();
  throw new Error(`the store ${path} was replaced while it was being opened`);
}
