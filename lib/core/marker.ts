import type { BackupKind, Instant } from './model.ts';

/** One made on demand says that, and not whether it is full: a lost store must know it again, to keep it. */
export type MarkerKind = BackupKind | 'demand';

/**
 * How a backup says that it is ours: a unique name for people, a description for us. The `mac` binds the facts with
 * a key only this service has, so a marker copied elsewhere proves nothing. The text is ≤ 255 characters (Trove:
 * trove/common/apischema.py).
 */
export interface Marker {
  /** 8 hex digits: which service, from its key. */
  readonly owner: string;
  readonly runId: string;
  readonly slotUtc: Instant;
  readonly kind: MarkerKind;
  /** 16 hex digits. */
  readonly mac: string;
}

const KINDS: Readonly<Record<string, MarkerKind>> = { full: 'full', inc: 'incremental', demand: 'demand' };
const SHORT = { full: 'full', incremental: 'inc', demand: 'demand' } as const satisfies Record<MarkerKind, string>;

const FORM =
  /^trove-autobackup\/1 owner=([0-9a-f]{8}) run=([0-9a-f-]{36}) slot=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z kind=(full|inc|demand) mac=([0-9a-f]{16})$/;

/** `20261122T220000Z` */
export const compactUtc = (instant: Instant): string => new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');

export function markerText(marker: Marker): string {
  const { owner, runId, slotUtc, kind, mac } = marker;
  return `trove-autobackup/1 owner=${owner} run=${runId} slot=${compactUtc(slotUtc)} kind=${SHORT[kind]} mac=${mac}`;
}

/** null for any text that is not exactly a marker. */
export function parseMarker(description: string | null): Marker | null {
  const found = FORM.exec(description ?? '');
  if (!found) return null;
  const [, owner = '', runId = '', year, month, day, hour, minute, second, short = '', mac = ''] = found;
  const kind = KINDS[short];
  if (!kind) return null;
  const slotUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return { owner, runId, slotUtc, kind, mac };
}

export interface MarkerFacts extends Omit<Marker, 'mac'> {
  readonly instanceId: string;
  readonly parentId: string | null;
}

/** The text the mac is made over. The kind is in it too, so that nothing a marker says can be altered. */
export function macText(facts: MarkerFacts): string {
  const { owner, runId, instanceId, slotUtc, parentId, kind } = facts;
  return ['trove-autobackup/1', owner, runId, instanceId, compactUtc(slotUtc), parentId ?? '-', kind].join('\n');
}

/** `auto-<instance name, cut>-<slot>-<full|inc>`; names in Trove's database are of the basic plane only. */
export function backupName(instanceName: string, slotUtc: Instant, kind: BackupKind): string {
  const cut = [...instanceName].map((c) => (/^[\p{L}\p{N} ._-]$/u.test(c) && c.length === 1 ? c : '_'));
  return `auto-${cut.slice(0, 200).join('')}-${compactUtc(slotUtc)}-${SHORT[kind]}`;
}
