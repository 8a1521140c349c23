import type { Instant } from '../../lib/core/index.ts';
import type { HealingPort } from '../ports/healing.ts';
import type { InventoryPort } from '../ports/inventory.ts';
import type { NotesPort } from '../ports/notes.ts';
import type { PointsPort } from '../ports/points.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { ReadModelPort } from '../ports/read-model.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { RunLedgerPort } from '../ports/run-ledger.ts';
import type { SchedulePort } from '../ports/schedule.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';
import { guarded, plain } from './guard.ts';
import { healingStore } from './healing.ts';
import { inventoryStore } from './inventory.ts';
import type { OnUpgrade } from './migrate.ts';
import { notesStore } from './notes.ts';
import { openStore } from './open.ts';
import { pointsStore } from './points.ts';
import { createPresence, identityOf } from './presence.ts';
import { pruneStore } from './prune.ts';
import { readModelStore } from './read-model.ts';
import { readThread } from './read-thread.ts';
import { retentionStore } from './retention.ts';
import { ledgerStore } from './run-ledger.ts';
import { scheduleStore } from './schedule.ts';
import { MOST_PAGES, upkeepStore } from './upkeep.ts';

export interface Store {
  readonly notes: NotesPort;
  readonly inventory: InventoryPort;
  readonly schedule: SchedulePort;
  readonly ledger: RunLedgerPort;
  readonly points: PointsPort;
  readonly pruning: PrunePort;
  readonly retention: RetentionPort;
  readonly healing: HealingPort;
  readonly readModel: ReadModelPort;
  readonly upkeep: UpkeepPort;
  /** For health: false while the file cannot be read, or is not at its path any more. */
  check(): { readonly ok: boolean; readonly detail: string };
  /** @throws ExitError where the file was deleted or replaced under us */
  assertThere(): void;
  /** Resolves to where what the store held was written, if its file had been taken away. */
  close(): string | null;
}

export interface StoreOptions {
  readonly path: string;
  readonly owner: string;
  readonly nowUtc: Instant;
  /** Counts, lists and copies the journal on a thread of its own; else it is done here, as worlds in tests do. */
  readonly readerThread?: boolean;
  readonly onUpgrade?: OnUpgrade | undefined;
}

/** The ports on SQLite. @throws ExitError 75 while another daemon uses the file, 78 if it is not ours to use. */
export function sqliteStore({ path, owner, nowUtc, readerThread = false, onUpgrade }: StoreOptions): Store {
  const { db, birth, close } = openStore(path, owner, nowUtc, onUpgrade);
  const reader = readerThread ? readThread({ path, identity: identityOf(path) }) : null;
  if (reader) db.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
  const presence = createPresence(db, path);
  const guard = <P extends object>(port: P, ...sure: readonly (keyof P)[]): P => guarded(port, path, presence, sure);
  return {
    notes: guard(notesStore(db)),
    inventory: guard(inventoryStore(db, birth)),
    schedule: guard(scheduleStore(db)),
    ledger: guard(ledgerStore(db), 'recordIntent'),
    points: guard(pointsStore(db)),
    pruning: guard(pruneStore(db), 'intend'),
    retention: guard(retentionStore(db)),
    healing: guard(healingStore(db, birth)),
    assertThere: presence.assert,
    readModel: reader?.readModel ?? readModelStore(db),
    upkeep: guard(reader?.upkeep ?? upkeepStore(db), 'checkpoint'),
    check() {
      try {
        presence.assert();
        return { ok: true, detail: `schema ${db.pragma('user_version', { simple: true })}` };
      } catch (error) {
        const told = plain(error, path);
        return { ok: false, detail: told instanceof Error ? told.message : String(told) };
      }
    },
    close() {
      reader?.close();
      const rescue = presence.rescue();
      close();
      rescue?.finish();
      return rescue?.path ?? null;
    },
  };
}
