import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../daemon/config/load.ts';
import { storedPolicy } from '../../daemon/store/stored-policy.ts';
import { because, type Policy } from '../../lib/core/index.ts';
import { sampleWith } from '../config/sample.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { byCadence, NOW, noMakeUp, openWorld, readyIn, scheduled, WIDE } from './world.ts';

/** Policies as 0.1.0 wrote them, before there were other forms than these two. */
const REST = '"fullEveryMs":604800000,"maxIncrementals":6,"firstWithinMs":900000}';
const ELAPSED = `{"name":"frequent","select":{"projects":[],"datastores":["mysql"],"names":["prod-*"]},"cadence":{"kind":"elapsed","everyMs":21600000},${REST}`;
const CALENDAR = `{"name":"daily","select":{"projects":[],"datastores":[],"names":[]},"cadence":{"kind":"calendar","unit":"day","zone":"Asia/Ho_Chi_Minh","window":{"startMinute":1320,"endMinute":360}},${REST}`;

describe.each([
  { name: 'frequent', text: ELAPSED, everyMs: 6 * HOUR },
  { name: 'daily', text: CALENDAR, everyMs: DAY },
])('the policy "$name" as an earlier version stored it', ({ name, text, everyMs }) => {
  test('is still gone by', async () => {
    const world = openWorld();
    await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW)], NOW);
    const before = new Database(world.path);
    before.prepare('UPDATE schedules SET policy = ?, policy_name = ?').run(text, name);
    before.close();
    const advance: Parameters<typeof world.schedule.claimDue>[0]['advance'] = (id, policy, cursor) =>
      byCadence(id, policy, cursor, NOW);
    const { claimed } = await world.schedule.claimDue({
      nowUtc: NOW,
      limit: 10,
      caps: WIDE,
      advance,
      makeUp: noMakeUp,
    });
    expect(claimed.map(({ slotUtc }) => slotUtc)).toEqual([NOW]);
    const [ready] = await readyIn(world, NOW);
    expect(ready?.policy).toEqual(JSON.parse(text));
    const next = world.schedules()[0]?.next_slot_utc ?? 0;
    expect(next).toBeGreaterThan(NOW);
    expect(next).toBeLessThanOrEqual(NOW + 1.25 * everyMs);
  });

  test('differs from what the same configuration gives now in what is kept alone', async () => {
    const config = parseConfig(sampleWith('mode', 'enforce'), 'config.yaml');
    const policy = config.policies.find((candidate) => candidate.name === name) as Policy;
    expect(JSON.stringify({ ...policy, retention: undefined })).toBe(text);
    const world = openWorld();
    const reason = because('policy-selects', { policy: name });
    const first = () => ({ slotUtc: NOW, because: reason });
    const sighting = {
      ...scheduled({ id: 'db-1' }, NOW),
      enrolment: { kind: 'scheduled', policy, because: reason, first },
    } as const;
    await world.inventory.saveSightings([sighting], NOW);
    const [change] = await world.inventory.saveSightings([sighting], NOW + HOUR);
    expect(change?.kind).toBe('unchanged');
  });
});

test.each([
  ['is none', undefined, 'no cadence'],
  ['is no JSON', '{"name":', 'SyntaxError'],
  ['has no cadence', '{"name":"x"}', 'no cadence'],
  [
    'names a zone that is not known',
    ELAPSED.replace(
      '21600000}',
      '21600000,"within":{"zone":"Mars/Olympus","window":{"startMinute":0,"endMinute":360}}}',
    ),
    'Mars/Olympus',
  ],
  ['has a pattern that is not known', CALENDAR.replace('"kind":"calendar"', '"kind":"cron","cron":"no"'), 'cron'],
  ['is of a kind that is not known', CALENDAR.replace('calendar', 'moon'), 'no next slot'],
])('what is stored in the place of a policy and %s cannot be gone by, and says why', (_, text, why) => {
  for (let again = 0; again < 2; again++) {
    const found = storedPolicy(text);
    expect(found).toMatchObject({ rule: 'policy-unusable', params: { detail: expect.stringContaining(why) } });
  }
});
