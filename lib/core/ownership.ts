import { type Marker, type MarkerFacts, parseMarker } from './marker.ts';
import type { Backup, Instant, OwnedBackup, Ownership, RunState } from './model.ts';

/** What our ledger knows of a run that a marker names. */
export interface LedgerEntry {
  readonly runId: string;
  readonly state: RunState;
  readonly backupId: string | null;
}

export interface OwnershipInput {
  /** Our own 8 hex digits. */
  readonly owner: string;
  readonly storeBornUtc: Instant;
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  /** Whether a mac is right; the key stays outside. */
  readonly verify: (facts: MarkerFacts, mac: string) => boolean;
}

const FOREIGN: Ownership = { kind: 'foreign' };

function judge(backup: Backup, marker: Marker, input: OwnershipInput): Ownership {
  if (marker.owner !== input.owner) return { kind: 'conflict', owner: marker.owner };
  const { mac, ...said } = marker;
  if (backup.instanceId === null) return FOREIGN;
  if (!input.verify({ ...said, instanceId: backup.instanceId, parentId: backup.parentId }, mac)) return FOREIGN;
  const { runId, slotUtc, kind } = marker;
  const origin = kind === 'demand' ? 'on_demand' : 'scheduled';
  const managed: Ownership = { kind: 'managed', origin, runId, slotUtc };
  const entry = input.ledger.get(marker.runId);
  // Only our own request can carry a right mac: it is ours even where we took the request for one that never arrived.
  if (entry) return entry.backupId === backup.id || entry.backupId === null ? managed : FOREIGN;
  return marker.slotUtc < input.storeBornUtc ? managed : { kind: 'conflict', owner: marker.owner };
}

/** The run ids that markers among these backups name: what to ask the ledger for. */
export function namedRuns(backups: readonly Backup[]): readonly string[] {
  return backups.flatMap(({ description }) => parseMarker(description)?.runId ?? []);
}

/**
 * Whose each backup is. Our own marker counts only with a right mac and where the ledger agrees; a second backup
 * that carries the same run's marker is a copy, and of two the older is ours.
 */
export function withOwnership(backups: readonly Backup[], input: OwnershipInput): readonly OwnedBackup[] {
  const taken = new Set<string>();
  const owned = new Map<string, Ownership>();
  for (const backup of backups.toSorted((a, b) => a.createdUtc - b.createdUtc)) {
    const marker = parseMarker(backup.description);
    const ownership = marker ? judge(backup, marker, input) : FOREIGN;
    const copy = ownership.kind === 'managed' && taken.has(ownership.runId);
    if (ownership.kind === 'managed') taken.add(ownership.runId);
    owned.set(backup.id, copy ? FOREIGN : ownership);
  }
  return backups.map((backup) => ({ ...backup, ownership: owned.get(backup.id) ?? FOREIGN }));
}
