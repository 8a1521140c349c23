// What becomes of every backup of a large region, and what each instance is to do next: `fates`, `pruneStep` and `plan` for
// 100,000 instances with 20 backups each, read project by project as the daemon does. A fifth of them have marks, a tenth a
// hold, a tenth a backup of a user that stands on one of ours, a tenth one that failed, a hundredth are gone. Making up the
// lists is not counted; what is live after a collection is measured while one project after the other goes by.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Backup,
  fates,
  type Instance,
  type Mark,
  type OwnedBackup,
  type Policy,
  plan,
  pruneStep,
} from '../../lib/core/index.ts';
import { figure, report } from './report.ts';

const PROJECTS = 1_000;
const PER_PROJECT = 100;
const BACKUPS = 20;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const SLOT = Date.UTC(2026, 10, 24, 22);
const COLLECT_EVERY = 100;
const MIB = 2 ** 20;
const GRACE_MS = DAY;

const policy: Policy = {
  name: 'bench',
  select: { projects: [], datastores: [], names: [] },
  cadence: {
    kind: 'calendar',
    unit: 'day',
    zone: 'Asia/Ho_Chi_Minh',
    window: { startMinute: 22 * 60, endMinute: 6 * 60 },
  },
  fullEveryMs: 7 * DAY,
  maxIncrementals: 6,
  firstWithinMs: 15 * 60_000,
  retention: {
    keep: { withinMs: 7 * DAY, last: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3 },
    minimumFulls: 1,
    onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
    anchor: true,
  },
};

interface Tended {
  readonly instance: Instance;
  readonly goneUtc: number | null;
  readonly marks: readonly Mark[];
  readonly held: string | null;
}
interface Project {
  readonly backups: readonly OwnedBackup[];
  readonly tended: readonly Tended[];
}

function instanceOf(project: number, index: number): Instance {
  const id = `db-${project}-${index}`;
  return {
    id,
    projectId: `project-${project}`,
    name: id,
    datastore: { type: 'mysql', version: '8.0' },
    status: 'ACTIVE',
    replicaOf: null,
    clusterId: null,
    createdUtc: NOW - 400 * DAY,
  };
}

/** Twenty nights, a full each seventh; the last of a tenth failed, and on the fifth of a tenth stands a user's. */
function backupsOf({ id, projectId, datastore }: Instance, index: number): readonly OwnedBackup[] {
  return Array.from({ length: BACKUPS }, (_, n): OwnedBackup => {
    const isUsers = index % 10 === 1 && n === 5;
    const slotUtc = NOW - (BACKUPS - n) * DAY + 10 * 3_600_000;
    const made: Backup = {
      id: `${id}-${n}`,
      projectId,
      instanceId: id,
      parentId: n % 7 === 0 || (index % 10 === 1 && n === 6) ? null : `${id}-${n - 1}`,
      name: id,
      description: null,
      status: index % 10 === 2 && n === 12 ? 'FAILED' : 'COMPLETED',
      createdUtc: slotUtc,
      updatedUtc: slotUtc + 600_000,
      location: `https://swift.example/${id}/${n}`,
      datastore,
    };
    return {
      ...made,
      ownership: isUsers ? { kind: 'foreign' } : { kind: 'managed', origin: 'scheduled', runId: made.id, slotUtc },
    };
  });
}

function projectOf(project: number): Project {
  const instances = Array.from({ length: PER_PROJECT }, (_, index) => instanceOf(project, index));
  return {
    // As Trove lists them: by no order that helps.
    backups: instances.flatMap(backupsOf).sort((a, b) => (a.id < b.id ? 1 : -1)),
    tended: instances.map((instance, index) => ({
      instance,
      goneUtc: index === 99 ? NOW - 10 * DAY : null,
      marks: index % 5 === 0 ? [{ backupId: `${instance.id}-6`, markedUtc: NOW - 2 * DAY }] : [],
      held: index % 10 === 3 ? `${instance.id}-2` : null,
    })),
  };
}

interface Tally {
  kept: number;
  removable: number;
  blocked: number;
  ripe: number;
  steps: number;
}

const none: ReadonlySet<string> = new Set();

function decide({ backups, tended }: Project, tally: Tally): void {
  const byInstance = Map.groupBy(backups, ({ instanceId }) => instanceId);
  for (const { instance, goneUtc, marks, held } of tended) {
    const rows = byInstance.get(instance.id) ?? [];
    const holds = held === null ? [] : [{ backupId: held, owner: 'anna', note: 'audit', untilUtc: null }];
    const found = fates({
      instance,
      goneUtc,
      retention: policy.retention ?? null,
      policy,
      backups: rows,
      elsewhere: [],
      holds,
      demandedKeeps: {},
      gone: none,
      nowUtc: NOW,
    });
    for (const { kind } of found.values()) tally[kind] += 1;
    tally.ripe += pruneStep({
      backups: rows,
      fates: found,
      marks,
      gone: none,
      graceMs: GRACE_MS,
      nowUtc: NOW,
    }).ripe.length;
    const step = plan({
      run: { id: 'run', slotUtc: SLOT },
      nowUtc: SLOT,
      instance,
      policy,
      backups: rows,
      recent: { failuresInARow: 0, lastFailedUtc: null },
      gone: none,
      quota: { inUse: 10, reserved: 0, limit: -1 },
      reserve: 1,
      observe: false,
      freezes: [],
    });
    if (step.kind === 'full' || step.kind === 'incremental') tally.steps += 1;
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const live = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const tally: Tally = { kept: 0, removable: 0, blocked: 0, ripe: 0, steps: 0 };
decide(projectOf(0), tally);
const oneProjectBytes = ((): number => {
  const before = live();
  const one = projectOf(0);
  const after = live();
  return one.backups.length > 0 ? after - before : 0;
})();
const startBytes = live();
let [spentMs, peakBytes] = [0, 0];
for (let project = 0; project < PROJECTS; project += 1) {
  const read = projectOf(project);
  const startMs = performance.now();
  decide(read, tally);
  spentMs += performance.now() - startMs;
  if (project % COLLECT_EVERY === COLLECT_EVERY - 1) peakBytes = Math.max(peakBytes, live() - startBytes);
}
const made = `${(PROJECTS * PER_PROJECT).toLocaleString('en')} instances with ${BACKUPS} backups each`;
report('retention', [
  figure(`what is kept, what goes and what is made next, ${made}`, spentMs / 1000, 10, 's'),
  figure(
    'memory live while project after project goes by',
    peakBytes / MIB,
    Number(((2 * oneProjectBytes) / MIB).toFixed(1)),
    'MiB',
  ),
  {
    what: 'decided of their backups',
    measured: `${tally.kept} kept, ${tally.removable} may go, ${tally.blocked} blocked; ${tally.ripe} ripe, ${tally.steps} plans to make one`,
    target: '',
    ok: tally.kept > 0 && tally.removable > 0 && tally.blocked > 0 && tally.ripe > 0 && tally.steps > 0,
  },
]);
