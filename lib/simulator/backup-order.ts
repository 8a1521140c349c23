import type { BackupRow } from './rows.ts';

/** Rows of backups, newest `updated` first. Sorts when asked, and only if a row moved: nearly sorted arrays sort in no time. */
export class BackupOrder {
  #rows: BackupRow[] = [];
  #moved = false;

  add(row: BackupRow): void {
    this.#rows.push(row);
    this.#moved = true;
  }

  touch(): void {
    this.#moved = true;
  }

  newestFirst(): readonly BackupRow[] {
    if (this.#moved) {
      this.#rows = this.#rows.filter((row) => row.deletedUtc === null).sort(byUpdatedDescending);
      this.#moved = false;
    }
    return this.#rows;
  }
}

// Whole seconds, as the database keeps them: rows of one second have no order of their own, so ids decide here.
function byUpdatedDescending(a: BackupRow, b: BackupRow): number {
  const seconds = Math.floor(b.updatedUtc / 1000) - Math.floor(a.updatedUtc / 1000);
  return seconds === 0 ? compare(a.id, b.id) : seconds;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
