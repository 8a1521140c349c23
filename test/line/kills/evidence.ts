import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Identity, identityOf } from '../../../daemon/identity.ts';
import { OPEN_STATES, type Policy, parseMarker, type Reason } from '../../../lib/core/index.ts';
import type { Region } from '../../region/region.ts';
import type { LogLine } from '../daemon-process.ts';
import type { RunRow, Stage } from '../world.ts';

/** A row of Trove's own table, deleted ones too. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly state: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly parentId: string | null;
  readonly deleted: boolean;
}

/** A backup that carries our name and a right mac. */
export interface Ours extends Row {
  readonly runId: string;
  readonly slotUtc: number;
}

export interface Run extends RunRow {
  readonly project_id: string;
  readonly because: Reason | null;
  readonly ended_utc: number | null;
}

export interface ScheduleRow {
  readonly instance_id: string;
  readonly first_slot_utc: number;
  readonly next_slot_utc: number;
  readonly policy: Policy;
}

/** Everything that both sides have to say. */
export interface Evidence {
  readonly runs: readonly Run[];
  readonly schedules: readonly ScheduleRow[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly ours: readonly Ours[];
  /** Named as ours, but with a mac that is not. */
  readonly forged: readonly Row[];
  /** What the daemon says of slots that it brought forward. */
  readonly hastened: readonly LogLine[];
}

export const isOpen = ({ state }: RunRow): boolean => (OPEN_STATES as readonly string[]).includes(state);

function read<T>(path: string, sql: string): T[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

export const runsOf = ({ storePath }: Stage): readonly Run[] =>
  read<Omit<Run, 'because'> & { because: string | null }>(storePath, 'SELECT * FROM runs ORDER BY slot_utc').map(
    (run) => ({ ...run, because: run.because === null ? null : (JSON.parse(run.because) as Reason) }),
  );

export const schedulesOf = ({ storePath }: Stage): readonly ScheduleRow[] =>
  read<Omit<ScheduleRow, 'policy'> & { policy: string }>(storePath, 'SELECT * FROM schedules').map((row) => ({
    ...row,
    policy: JSON.parse(row.policy) as Policy,
  }));

/** A lost answer is looked for during a day. It passes here for those that are still looked for, since no test can wait so long. */
export function letADayPass({ storePath }: Stage): void {
  const db = new Database(storePath);
  try {
    db.exec("UPDATE runs SET intent_utc = intent_utc - 86400000 WHERE state = 'unknown'");
  } finally {
    db.close();
  }
}

const FIELDS = 'id, name, description, state, instance_id, tenant_id, parent_id, deleted';

export async function troveRows(region: Region): Promise<readonly Row[]> {
  const text = await region.sql(`SELECT ${FIELDS} FROM backups`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', name = '', description = '', state = '', instanceId = '', projectId = '', parent, deleted] =
        line.split('\t');
      const parentId = parent === undefined || parent === 'NULL' ? null : parent;
      return { id, name, description, state, instanceId, projectId, parentId, deleted: deleted === '1' };
    });
}

function proven(identity: Identity, row: Row): Ours | null {
  const marker = parseMarker(row.description);
  if (!marker) return null;
  const { mac, ...said } = marker;
  const { runId, slotUtc } = marker;
  return identity.verify({ ...said, instanceId: row.instanceId, parentId: row.parentId }, mac)
    ? { ...row, runId, slotUtc }
    : null;
}

export async function gather(region: Region, stage: Stage, instances: ReadonlySet<string>): Promise<Evidence> {
  const identity = identityOf(Buffer.from(readFileSync(stage.keyPath, 'utf8').trim(), 'hex'));
  const rows = (await troveRows(region)).filter(({ instanceId }) => instances.has(instanceId));
  const named = rows.filter(({ name }) => name.startsWith('auto-'));
  const ours = named.map((row) => proven(identity, row));
  return {
    runs: runsOf(stage),
    schedules: schedulesOf(stage),
    rows: new Map(rows.map((row) => [row.id, row])),
    ours: ours.filter((row) => row !== null),
    forged: named.filter((_, n) => ours[n] === null),
    hastened: stage.daemon.lines.filter(({ event }) => event === 'schedule.hastened'),
  };
}
