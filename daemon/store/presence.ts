import { renameSync, rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { ExitError } from '../exit.ts';
import { writeCopy } from './copy.ts';

/** Whether the file that SQLite has open is still the one at its path: else all that is written goes with the process. */
export interface Presence {
  /** @throws ExitError 70 where the file was deleted, 78 where another lies in its place. */
  assert(): void;
  /** For the last moment before the store is closed: null, or how what it holds is written out again. */
  rescue(): Rescue | null;
}

export interface Rescue {
  /** Where what the store held can be found afterwards. */
  readonly path: string;
  /** Puts it there; to be called when the connections are closed. */
  finish(): void;
}

type Standing = 'there' | 'deleted' | 'replaced';

/** Which file lies at a path, whatever is in it; null where there is none. */
export const identityOf = (path: string): string | null => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
};

const ADVICE: Readonly<Record<Exclude<Standing, 'there'>, (path: string) => ExitError>> = {
  deleted: (path) =>
    new ExitError(
      'software',
      `the store ${path} was deleted under the running daemon, which writes it out again as it ends; start it again, ` +
        'and to begin anew stop it before the store is deleted',
    ),
  replaced: (path) =>
    new ExitError(
      'config',
      `the store ${path} was replaced under the running daemon, which writes what it held to ${path}.lost; ` +
        'put that back in its place, unless the new one is meant, and start it again',
    ),
};

export function createPresence(db: Database, path: string): Presence {
  const ours = identityOf(path);
  const journal = identityOf(`${path}-wal`);

  function standing(): Standing {
    const now = identityOf(path);
    if (now === ours) return 'there';
    return now === null ? 'deleted' : 'replaced';
  }

  /** A journal that its database has left would be played into whatever lies at its path next. */
  function removeJournal(): void {
    if (journal === null || identityOf(`${path}-wal`) !== journal) return;
    rmSync(`${path}-wal`);
    rmSync(`${path}-shm`, { force: true });
  }

  return {
    assert() {
      const now = standing();
      if (now !== 'there') throw ADVICE[now](path);
    },
    rescue() {
      const now = standing();
      if (now === 'there') return null;
      const to = now === 'deleted' ? path : `${path}.lost`;
      const part = writeCopy(db, to);
      return {
        path: to,
        finish() {
          removeJournal();
          renameSync(part, to);
        },
      };
    },
  };
}
