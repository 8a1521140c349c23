// What a policy would do to a project of 1,000 instances, each with eight backups, before it is made: by the engine's own
// preview over a store and a cloud that answers at once. How long it takes, and how long nothing else could be done meanwhile.
import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createOddRows } from '../../daemon/engine/odd-rows.ts';
import { createPreview } from '../../daemon/engine/preview.ts';
import { createProjectPolicies } from '../../daemon/engine/project-policies.ts';
import type { EngineSettings } from '../../daemon/engine/settings.ts';
import { identityOf } from '../../daemon/identity.ts';
import type { CloudPort } from '../../daemon/ports/cloud.ts';
import { type Backup, type OnShortage, TENANT_MAY } from '../../lib/core/index.ts';
import { markerText } from '../../lib/core/marker.ts';
import { ANY, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { openAsDaemon } from './daemon-store.ts';
import { DAILY, fill } from './fill.ts';
import { type Figure, figure, median, percentile, report } from './report.ts';

const INSTANCES = 1_000;
const BACKUPS = 8;
const CHAIN = 4;
const ROUNDS = 5;
const MOST_MS = 400;
/** Adapting reckons the project again at each step. */
const MOST_ADAPTING_MS = 1_500;
const MOST_STALL_MS = 100;
const PROJECT = 'project-0';

const nowUtc = Date.now();
const identity = identityOf(Buffer.alloc(32, 7));
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TENDED = {
  ...DAILY,
  tenantMay: { ...TENANT_MAY, every: HOUR, keep: DAY },
  retention: {
    keep: { withinMs: 7 * DAY },
    minimumFulls: 1,
    onDelete: { keepMs: DAY, lastChainMs: DAY },
    anchor: false,
  },
};
const settingsOf = (onShortage: OnShortage): EngineSettings => ({
  ...{ observe: false, policies: [TENDED], exclude: ANY, freezes: [], enrolOverMs: 0, onShortage, reserve: 1 },
  ...{ caps: { concurrent: 20, perProject: 4 }, reconcileMs: 10 * MINUTE, vanishShare: 0.05, confirmGone: [] },
  ...{ stuckAfterMs: 2 * HOUR, pruneEveryMs: 0, graceMs: DAY, quarantineMs: DAY, lookedAt: [] },
});

const slotOf = (n: number): number => nowUtc + ((n * 86_399) % DAY);
const path = fill({ nowUtc, schedules: INSTANCES, projects: 1, slotOf });
const { store, close } = openAsDaemon(path, nowUtc);

/** In two chains, a day apart each. */
function backupsOf(instanceId: string, n: number): readonly Backup[] {
  const ids = Array.from({ length: BACKUPS }, () => randomUUID());
  return ids.map((id, place) => {
    const slotUtc = Math.floor((slotOf(n) - (BACKUPS - place) * DAY) / 1_000) * 1_000;
    const isFull = place % CHAIN === 0;
    const facts = {
      owner: identity.owner,
      runId: randomUUID(),
      instanceId,
      slotUtc,
      kind: isFull ? 'full' : 'incremental',
      parentId: (isFull ? null : ids[place - 1]) ?? null,
    } as const;
    const description = markerText({ ...facts, mac: identity.mac(facts) });
    const common = { id, projectId: PROJECT, instanceId, parentId: facts.parentId, name: id, description };
    const times = { createdUtc: slotUtc, updatedUtc: slotUtc, location: null };
    return { ...common, ...times, status: 'COMPLETED', datastore: { type: 'mysql', version: '8.0' } };
  });
}

const instances = await store.overrides.instances(PROJECT, '', INSTANCES);
const backups = instances.flatMap(({ instance }, n) => backupsOf(instance.id, n));

async function previewed(
  onShortage: OnShortage,
  limit: number,
): Promise<{ readonly ms: number; readonly stallMs: number }> {
  const clock = { nowUtc: () => nowUtc, monotonicMs: () => performance.now(), sleepUntil: async () => undefined };
  const cloud = {
    quota: async () => ({ limit, inUse: backups.length, reserved: 0 }),
    backups: async () => backups,
  } as unknown as CloudPort;
  const shared = {
    ...store,
    cloud,
    clock,
    log: silent,
    identity,
    storeBornUtc: () => nowUtc,
    settings: () => settingsOf(onShortage),
  };
  const preview = createPreview({
    ...shared,
    oddRows: createOddRows({ clock, log: silent, onOddRows: () => undefined }),
  });
  const policies = createProjectPolicies({
    ...shared,
    preview,
    guard: { doubt: () => null },
    onChanged: () => undefined,
  });
  const change = { projectId: PROJECT, id: null, of: 0, name: 'ours', select: { names: [], datastores: [] } };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.enable();
  const beganMs = performance.now();
  const found = await policies.preview(
    { ...change, overrides: { keep: { withinMs: 3 * DAY } } },
    null,
    new AbortController().signal,
  );
  const ms = performance.now() - beganMs;
  if ('kind' in found || found.deletions.length === 0) throw new Error('there is something to tell');
  delay.disable();
  return { ms, stallMs: delay.max / 1e6 };
}

const figures: Figure[] = [];
for (const [onShortage, limit, most] of [
  ['tell', -1, MOST_MS],
  ['adapt', INSTANCES * 20, MOST_MS],
  ['adapt', INSTANCES * 3, MOST_ADAPTING_MS],
  ['refuse', INSTANCES * 3, MOST_ADAPTING_MS],
] as const) {
  const rounds: { readonly ms: number; readonly stallMs: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await previewed(onShortage, limit));
  const warm = rounds.slice(1);
  const of = `${INSTANCES.toLocaleString('en')} instances, ${onShortage}, quota ${limit < 0 ? 'without limit' : limit.toLocaleString('en')}`;
  figures.push(figure(of, median(warm.map(({ ms }) => ms)), most, 'ms'));
  figures.push(
    figure(
      `${of}: the longest that nothing else was done`,
      percentile(
        warm.map(({ stallMs }) => stallMs),
        1,
      ),
      MOST_STALL_MS,
      'ms',
    ),
  );
}
await close();
report('preview', figures);
