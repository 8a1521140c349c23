import Database from 'better-sqlite3';
import type { BackupKind, Policy, Reason, RunState } from '../../lib/core/index.ts';

export interface RunRow {
  readonly instanceId: string;
  readonly slotUtc: number;
  readonly state: RunState;
  readonly because: Reason | null;
  /** null until it is decided. */
  readonly kind: BackupKind | null;
  readonly parentId: string | null;
  readonly backupId: string | null;
}

export interface ScheduleRow {
  readonly instanceId: string;
  readonly policy: Policy;
  readonly active: boolean;
  readonly firstSlotUtc: number;
  readonly nextSlotUtc: number;
  readonly newestPointUtc: number | null;
}

export interface ExclusionRow {
  readonly instanceId: string;
  readonly because: Reason;
}

/** What the daemon's store says. */
export interface Ledger {
  /** By slot. */
  readonly runs: readonly RunRow[];
  readonly schedules: readonly ScheduleRow[];
  readonly exclusions: readonly ExclusionRow[];
}

export interface LedgerFile {
  read(): Ledger;
  close(): void;
}

type Written<Row, Fields extends keyof Row> = { readonly [F in keyof Row]: F extends Fields ? string : Row[F] };

/** Looks into the running daemon's store, on a connection that can only read. */
export function openLedger(path: string): LedgerFile {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  const runs = db.prepare<[], Omit<RunRow, 'because'> & { readonly because: string | null }>(
    `SELECT instance_id AS instanceId, slot_utc AS slotUtc, state, because, kind, parent_id AS parentId,
       backup_id AS backupId FROM runs ORDER BY slot_utc`,
  );
  const schedules = db.prepare<[], Written<ScheduleRow, 'policy'>>(
    `SELECT instance_id AS instanceId, policy, active, first_slot_utc AS firstSlotUtc, next_slot_utc AS nextSlotUtc,
       newest_point_utc AS newestPointUtc FROM schedules`,
  );
  const exclusions = db.prepare<[], Written<ExclusionRow, 'because'>>(
    `SELECT instance_id AS instanceId, excluded_because AS because FROM instances
     WHERE excluded_because IS NOT NULL AND gone_utc IS NULL`,
  );
  const parse = <T>(text: string): T => JSON.parse(text) as T;
  // One transaction, so that the three agree.
  const read = db.transaction(
    (): Ledger => ({
      runs: runs.all().map((row) => ({ ...row, because: row.because === null ? null : parse<Reason>(row.because) })),
      schedules: schedules
        .all()
        .map((row) => ({ ...row, policy: parse<Policy>(row.policy), active: Boolean(row.active) })),
      exclusions: exclusions.all().map((row) => ({ ...row, because: parse<Reason>(row.because) })),
    }),
  );
  return { read: () => read(), close: () => db.close() };
}
