import { expect, test } from 'vitest';
import { because, TENANT_MAY } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { sizesOf } from '../store/sizes.ts';
import { HOURLY, openWorld, type World } from './world.ts';

/** Only ever added to, as docs/operating.md says. */
const APPEND_ONLY = ['audit_intents', 'audit_outcomes'];
const POLICY = { ...HOURLY, tenantMay: { ...TENANT_MAY, pause: DAY } };
const never = new AbortController().signal;

/** All that its tenant may do with an instance; then it is deleted, and its backups with it. */
async function comesAndGoes(world: World, n: number): Promise<void> {
  const { service, project: projectId, clock, region } = world;
  const instanceId = world.instance('short');
  await world.completed(instanceId, 1);
  const { schedules, holds, onDemand, store, projectWork } = service.life();
  const [backup] = world.backups(instanceId);
  const nowUtc = clock.nowUtc();
  const who = { projectId, userId: 'u', userName: 'anna', action: 'schedule:change', requestId: `r-${n}` };
  const entry = await store.audit.begin({ ...who, targetId: instanceId, before: null }, nowUtc);
  const said = { enabled: true, overrides: {} };
  const pause = { owner: 'anna', note: 'moving', untilUtc: nowUtc + 60_000 };
  expect(await schedules.change({ instanceId, of: 0, said, pause })).toMatchObject({ pause });
  await store.audit.end(entry, 'done', null);
  const hold = { owner: 'anna', note: 'audit', untilUtc: n % 2 === 0 ? null : nowUtc + HOUR };
  await holds.hold({ projectId, backupId: backup?.id ?? '', ...hold }, never);
  await onDemand.backUpNow({ projectId, instanceId, key: `d-${n}`, requestedBy: 'anna', note: '', keepMs: DAY });
  await store.restores.begin({ projectId, key: `r-${n}`, request: '[]' }, nowUtc);
  const users = region.createBackup({ instanceId, name: 'mine' }).id;
  await projectWork.deleting({ projectId, backupIds: [users] }, async () => void region.deleteBackup(users));
  const deletion = { backupId: `old-${n}`, instanceId, projectId, intentUtc: nowUtc };
  await store.pruning.intend({ ...deletion, because: because('unwanted-no-more', {}) });
  await store.pruning.gone(deletion.backupId, nowUtc);
  await world.completed(instanceId, 2);
  region.deleteInstance(instanceId);
  await world.until(() => service.events('instance.gone', instanceId).length > 0);
  for (const { id } of world.backups(instanceId)) region.deleteBackup(id);
  await world.advance(HOUR);
}

test('what comes and goes for months leaves no more behind than what is known of it for thirty days', async () => {
  const world = openWorld({ policies: [POLICY], quarantineMs: 0 });
  world.instance('stays');
  const { path } = world.service;
  async function months(cycles: number, from: number): Promise<ReadonlyMap<string, number>> {
    for (let n = from; n < from + cycles; n++) {
      await world.service.start();
      await comesAndGoes(world, n);
      await world.service.stop();
      await world.advance(5 * DAY);
    }
    return sizesOf(path);
  }
  const before = await months(8, 0);
  const after = await months(10, 8);
  const written =
    'decisions deletions demands failures holds instances listing overrides restores runs schedules standstills';
  for (const table of written.split(' ')) expect(before.get(table), `${table} is written to`).toBeGreaterThan(3);
  const grown = [...after].filter(([table, rows]) => rows > 1.25 * (before.get(table) ?? 0) + 1);
  expect(grown.map(([table]) => table)).toEqual(APPEND_ONLY);
  expect(world.service.events('instance.forgotten').length).toBeGreaterThan(8);
});
