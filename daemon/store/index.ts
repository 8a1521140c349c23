import type { Instant } from '../../lib/core/index.ts';
import type { AuditPort } from '../ports/audit.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import type { DemandPort } from '../ports/demand.ts';
import type { DeparturesPort } from '../ports/departures.ts';
import type { ExplainPort } from '../ports/explain.ts';
import type { ForgettingPort } from '../ports/forgetting.ts';
import type { HealingPort } from '../ports/healing.ts';
import type { InventoryPort } from '../ports/inventory.ts';
import type { MarksPort } from '../ports/marks.ts';
import type { NotesPort } from '../ports/notes.ts';
import type { OutlookPort } from '../ports/outlook.ts';
import type { OverridesPort } from '../ports/overrides.ts';
import type { PointsPort } from '../ports/points.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { ReadModelPort } from '../ports/read-model.ts';
import type { RestoresPort } from '../ports/restores.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { RunLedgerPort } from '../ports/run-ledger.ts';
import type { SchedulePort } from '../ports/schedule.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import type { StuckPort } from '../ports/stuck.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';
import { auditStore } from './audit.ts';
import { decisionsStore } from './decisions.ts';
import { demandStore } from './demand.ts';
import { departuresStore } from './departures.ts';
import { explainStore } from './explain.ts';
import { forgettingStore } from './forgetting.ts';
import { guarded, plain } from './guard.ts';
import { healingStore } from './healing.ts';
import { inventoryStore } from './inventory.ts';
import { marksStore } from './marks.ts';
import type { OnUpgrade } from './migrate.ts';
import { notesStore } from './notes.ts';
import { openStore } from './open.ts';
import { outlookStore } from './outlook.ts';
import { overridesStore } from './overrides.ts';
import { pointsStore } from './points.ts';
import { createPresence, identityOf } from './presence.ts';
import { pruneStore } from './prune.ts';
import { readModelStore } from './read-model.ts';
import { readThread } from './read-thread.ts';
import { restoresStore } from './restores.ts';
import { retentionStore } from './retention.ts';
import { ledgerStore } from './run-ledger.ts';
import { scheduleStore } from './schedule.ts';
import { standstillStore } from './standstills.ts';
import { stuckStore } from './stuck.ts';
import { MOST_PAGES, upkeepStore } from './upkeep.ts';

export interface Store {
  readonly notes: NotesPort;
  readonly inventory: InventoryPort;
  readonly schedule: SchedulePort;
  readonly ledger: RunLedgerPort;
  readonly demands: DemandPort;
  readonly points: PointsPort;
  readonly pruning: PrunePort;
  readonly departures: DeparturesPort;
  readonly retention: RetentionPort;
  readonly marks: MarksPort;
  readonly standstills: StandstillPort;
  readonly decisions: DecisionsPort;
  readonly explaining: ExplainPort;
  readonly stuck: StuckPort;
  readonly outlook: OutlookPort;
  readonly overrides: OverridesPort;
  readonly healing: HealingPort;
  readonly forgetting: ForgettingPort;
  readonly audit: AuditPort;
  readonly restores: RestoresPort;
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
    demands: guard(demandStore(db)),
    points: guard(pointsStore(db)),
    pruning: guard(pruneStore(db), 'intend'),
    departures: guard(departuresStore(db), 'depart'),
    retention: guard(retentionStore(db)),
    marks: guard(marksStore(db)),
    explaining: guard(explainStore(db)),
    decisions: guard(decisionsStore(db)),
    standstills: guard(standstillStore(db)),
    stuck: guard(stuckStore(db)),
    outlook: guard(outlookStore(db)),
    overrides: guard(overridesStore(db, birth)),
    forgetting: guard(forgettingStore(db)),
    healing: guard(healingStore(db, birth)),
    audit: guard(auditStore(db), 'begin'),
    restores: guard(restoresStore(db), 'begin'),
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
