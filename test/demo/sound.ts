import type { Evidence } from '../../daemon/demo/check.ts';
import type { RunRow, ScheduleRow } from '../../daemon/demo/ledger.ts';
import { because, type Cadence, followingSlot, markerText, nextSlot } from '../../lib/core/index.ts';
import { type Backup, createRegion, type Region } from '../../lib/simulator/index.ts';

export const HOUR = 3_600_000;
const BORN = 24 * HOUR;
const CADENCE: Cadence = { kind: 'elapsed', everyMs: 6 * HOUR };

/** A database with a full backup and two incrementals, and a store that agrees: what a case then spoils. */
export interface Sound extends Evidence {
  readonly region: Region;
  readonly runs: readonly RunRow[];
  readonly schedule: ScheduleRow;
}

export function sound(): Sound {
  const region = createRegion({ clock: { nowUtc: () => BORN, after: () => () => undefined } });
  const [shop, lab] = [region.createProject({ name: 'shop' }), region.createProject({ name: 'lab' })];
  const { id: instanceId } = region.createInstance({ projectId: shop.id, name: 'orders' });
  const first = nextSlot(CADENCE, instanceId, BORN);
  const second = followingSlot(CADENCE, instanceId, first);
  const third = followingSlot(CADENCE, instanceId, second);
  const runs: RunRow[] = [];
  for (const slotUtc of [first, second, third]) {
    const parentId = runs.at(-1)?.backupId ?? null;
    const kind = parentId === null ? 'full' : 'incremental';
    const { id: backupId } = addBackup(region, { instanceId, slotUtc, parentId });
    runs.push({ instanceId, slotUtc, state: 'completed', because: DONE, kind, parentId, backupId });
  }
  const schedule: ScheduleRow = {
    instanceId,
    policy: {
      name: 'frequent',
      select: { projects: [], datastores: [], names: [] },
      cadence: CADENCE,
      fullEveryMs: 48 * HOUR,
      maxIncrementals: 6,
      firstWithinMs: HOUR,
    },
    active: true,
    firstSlotUtc: first,
    nextSlotUtc: followingSlot(CADENCE, instanceId, third),
    newestPointUtc: third,
  };
  return {
    region,
    runs,
    schedule,
    ledger: { runs, schedules: [schedule], exclusions: [] },
    instances: region.instances(),
    backups: region.backups(),
    projects: region.projects(),
    excludedId: lab.id,
    nowUtc: third + HOUR,
    interrupted: false,
  };
}

const DONE = because('backup-completed', {});

export interface Marked {
  readonly instanceId: string;
  readonly slotUtc: number;
  readonly parentId: string | null;
}

/** A row of the region that carries a marker of ours. */
export function addBackup(region: Region, { instanceId, slotUtc, parentId }: Marked): Backup {
  const runId = '00000000-0000-4000-8000-000000000000';
  const kind = parentId === null ? 'full' : 'incremental';
  const description = markerText({ owner: 'aaaaaaaa', runId, slotUtc, kind, mac: '0123456789abcdef' });
  const fields = { instanceId, name: `of ${slotUtc}`, description, createdUtc: slotUtc };
  return region.createBackup(parentId === null ? fields : { ...fields, parentId });
}
