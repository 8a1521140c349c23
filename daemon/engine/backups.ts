import {
  type Backup,
  type Instant,
  isManaged,
  type LedgerEntry,
  namedRuns,
  type OwnedBackup,
  withOwnership,
} from '../../lib/core/index.ts';
import type { Identity } from '../identity.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort, OddRow } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import type { RunLedgerPort } from '../ports/run-ledger.ts';
import type { OddRows } from './odd-rows.ts';

export interface BackupsDeps {
  readonly cloud: CloudPort;
  readonly ledger: RunLedgerPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly identity: Identity;
  readonly storeBornUtc: () => Instant;
  readonly oddRows: OddRows;
  /** Told of all that was read. */
  readonly onBackups: (reading: Reading) => Promise<void>;
}

/** A complete list, of a project or of one instance in it. */
export interface Reading {
  readonly projectId: string;
  readonly instanceId: string | null;
  readonly askedUtc: Instant;
  readonly backups: readonly OwnedBackup[];
  /** What of it cannot be read. */
  readonly odd: readonly OddRow[];
}

type OwnerDeps = Pick<BackupsDeps, 'ledger' | 'identity' | 'storeBornUtc'>;

const owned = (
  { identity, storeBornUtc }: OwnerDeps,
  backups: readonly Backup[],
  ledger: ReadonlyMap<string, LedgerEntry>,
): readonly OwnedBackup[] =>
  withOwnership(backups, { owner: identity.owner, storeBornUtc: storeBornUtc(), ledger, verify: identity.verify });

/** Each with whose it is, by its marker and our ledger. */
export async function withOwners(deps: OwnerDeps, backups: readonly Backup[]): Promise<readonly OwnedBackup[]> {
  return owned(deps, backups, await deps.ledger.ledger(namedRuns(backups)));
}

/**
 * A project's backups, or one instance's, each with whose it is. A backup whose run was given up long ago is taken
 * back into the ledger here, wherever it shows first.
 */
export async function readBackups(
  deps: BackupsDeps,
  projectId: string,
  instanceId: string | null,
  signal: AbortSignal,
): Promise<Reading> {
  const { cloud, ledger: runs, clock, log } = deps;
  const askedUtc = clock.nowUtc();
  const { onOdd, rows: odd } = deps.oddRows.listen();
  const backups = await cloud.backups(projectId, instanceId, signal, onOdd);
  const ledger = await runs.ledger(namedRuns(backups));
  const found = owned(deps, backups, ledger);
  for (const { id, ownership, instanceId: instance } of found.filter(isManaged)) {
    const entry = ledger.get(ownership.runId);
    if (entry?.state !== 'failed' || entry.backupId !== null) continue;
    if (await runs.revive(entry.runId, id, clock.nowUtc())) {
      log.info('run.revived', { run: entry.runId, backup: id, instance, project: projectId });
    }
  }
  const reading = { projectId, instanceId, askedUtc, backups: found, odd };
  await deps.onBackups(reading);
  return reading;
}
