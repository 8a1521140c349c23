import { describe, expect, test } from 'vitest';
import {
  type Layered,
  layered,
  type Overrides,
  type Own,
  type Policy,
  type ProjectPolicy,
  type TenantMay,
} from '../../lib/core/index.ts';
import { cron, DAY, daily, every, HOUR, instance, policy, rrule } from './builders.ts';

const ALL: TenantMay = { window: true, zone: true, every: 6 * HOUR, keep: 3 * DAY, optOut: true, pause: 7 * DAY };
const RETENTION = {
  keep: { withinMs: 7 * DAY },
  minimumFulls: 1,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
};
const DAWN = { startMinute: 60, endMinute: 300 };
const BASE = policy({ cadence: daily('Europe/Berlin'), retention: RETENTION, tenantMay: ALL });
const ours = (overrides: Overrides, over: Partial<ProjectPolicy> = {}): ProjectPolicy => ({
  id: 'p-1',
  name: 'ours',
  select: { names: [], datastores: [] },
  overrides,
  ...over,
});
const said = (overrides: Overrides, enabled = true): Own => ({ policies: [], overrides: { enabled, overrides } });

function effective(own: Own, base: Policy = BASE): Extract<Layered, { kind: 'policy' }> {
  const found = layered(base, instance(), own);
  if (found.kind !== 'policy') throw new Error(`excluded: ${found.because.rule}`);
  return found;
}
const dropped = (own: Own, base?: Policy) =>
  effective(own, base).because.flatMap((it) =>
    it.rule === 'override-dropped' ? [`${it.params.of} ${it.params.source.layer}: ${it.params.by.rule}`] : [],
  );

test('nothing said gives the operator’s policy, without its bounds', () => {
  const { tenantMay: _, ...bare } = BASE;
  for (const own of [{ policies: [], overrides: null }, said({})]) {
    const found = effective(own);
    expect(JSON.stringify(found.policy)).toBe(JSON.stringify(bare));
    expect(found.sources).toMatchObject({ every: { layer: 'operator', policy: 'daily' }, keep: { layer: 'operator' } });
    expect(found.because).toEqual([]);
  }
});

describe('values are replaced one by one', () => {
  const calendar = daily('Europe/Berlin');
  test.each<{ base?: Policy['cadence']; over: Overrides; cadence: Policy['cadence'] }>([
    { over: { zone: 'Asia/Tokyo' }, cadence: daily('Asia/Tokyo') },
    { over: { window: DAWN }, cadence: { ...calendar, window: DAWN } },
    { over: { every: 'week' }, cadence: { ...calendar, unit: 'week' } },
    {
      over: { every: 8 * HOUR },
      cadence: { ...every(8 * HOUR), within: { zone: calendar.zone, window: calendar.window } } as Policy['cadence'],
    },
    { base: every(6 * HOUR), over: { every: 12 * HOUR }, cadence: every(12 * HOUR) },
    { base: every(6 * HOUR), over: { every: 'day' }, cadence: daily('UTC') },
    { base: every(6 * HOUR), over: { every: 'day', zone: 'Asia/Tokyo' }, cadence: daily('Asia/Tokyo') },
    {
      base: every(HOUR),
      over: { window: DAWN, zone: 'Asia/Tokyo' },
      cadence: { ...every(HOUR), within: { zone: 'Asia/Tokyo', window: DAWN } } as Policy['cadence'],
    },
    { base: cron('0 3 * * *', 'Asia/Tokyo'), over: { every: 'day' }, cadence: daily('Asia/Tokyo') },
    { base: cron('0 3 * * *', 'Asia/Tokyo'), over: { every: 6 * HOUR }, cadence: every(6 * HOUR) },
  ])('$over', ({ base, over, cadence }) => {
    const found = effective(said(over), base ? { ...BASE, cadence: base } : BASE);
    expect(found.policy.cadence).toEqual(cadence);
    expect(found.because).toEqual([]);
    for (const key of Object.keys(over)) expect(found.sources).toMatchObject({ [key]: { layer: 'instance' } });
  });

  test('what is kept', () => {
    const { policy: made } = effective(said({ keep: { withinMs: 4 * DAY, weekly: 2 } }));
    expect(made.retention).toEqual({ ...RETENTION, keep: { withinMs: 4 * DAY, weekly: 2 } });
  });

  test('and what has no meaning besides goes', () => {
    const full = { ...BASE, fullOn: 'sun', catchUp: 'late' } as const;
    expect(effective(said({ every: 'week' }), full).policy).not.toHaveProperty('fullOn');
    const rule = { ...full, cadence: cron('0 3 * * *') };
    expect(effective(said({ every: 6 * HOUR }), rule).policy).not.toHaveProperty('catchUp');
    expect(effective(said({ zone: 'Asia/Tokyo' }), full).policy).toMatchObject({ fullOn: 'sun', catchUp: 'late' });
  });
});

describe('what does not count is said, and the value below is taken', () => {
  const none: TenantMay = { window: false, zone: false, every: null, keep: null, optOut: false, pause: null };
  test.each<{ over: Overrides; base?: Partial<Policy>; says: readonly string[] }>([
    { over: { every: 5 * HOUR }, says: ['every instance: override-too-often'] },
    {
      over: { every: 'day' },
      base: { tenantMay: { ...ALL, every: 2 * DAY } },
      says: ['every instance: override-too-often'],
    },
    { over: { keep: { withinMs: 2 * DAY } }, says: ['keep instance: override-keeps-too-little'] },
    { over: { keep: { last: 500, daily: 500 } }, says: ['keep instance: override-keeps-too-little'] },
    {
      over: { every: 'day', window: DAWN, zone: 'UTC', keep: { withinMs: 9 * DAY } },
      base: { tenantMay: none },
      says: ['every', 'window', 'zone', 'keep'].map((key) => `${key} instance: override-not-allowed`),
    },
    { over: { window: DAWN }, base: { cadence: cron('0 3 * * *') }, says: ['window instance: override-of-rule'] },
    { over: { zone: 'UTC' }, base: { cadence: rrule('FREQ=DAILY') }, says: ['zone instance: override-of-rule'] },
    { over: { zone: 'UTC' }, base: { cadence: every(HOUR) }, says: ['zone instance: override-zone-alone'] },
    { over: { every: 12 * HOUR }, says: ['every instance: override-beyond-window'] },
    { over: { zone: 'Mars/Olympus' }, base: { cadence: cron('0 3 * * *') }, says: ['zone instance: override-of-rule'] },
  ])('$over', ({ over, base = {}, says }) => {
    const whole = { ...BASE, ...base };
    const { tenantMay: _, ...bare } = whole;
    expect(dropped(said(over), whole)).toEqual(says);
    expect(effective(said(over), whole).policy).toEqual(bare);
  });

  test('a zone that means nothing without the interval that was refused goes with it', () => {
    const base = { ...BASE, cadence: every(6 * HOUR) };
    expect(dropped(said({ every: HOUR, zone: 'UTC' }), base)).toEqual([
      'every instance: override-too-often',
      'zone instance: override-zone-alone',
    ]);
  });

  test('keep of a policy that keeps everything', () => {
    const { retention: _, ...base } = BASE;
    expect(dropped(said({ keep: { withinMs: 4 * DAY } }), base)).toEqual(['keep instance: kept-without-rule']);
  });

  test('the value of the project’s policy where the instance’s own does not count', () => {
    const own: Own = {
      policies: [ours({ keep: { withinMs: 5 * DAY } })],
      overrides: { enabled: true, overrides: { keep: { withinMs: DAY } } },
    };
    const found = effective(own);
    expect(found.policy.retention?.keep).toEqual({ withinMs: 5 * DAY });
    expect(found.sources.keep).toEqual({ layer: 'project', policy: 'ours' });
    expect(dropped(own)).toEqual(['keep instance: override-keeps-too-little']);
  });
});

describe('the policy of the project', () => {
  test.each([
    { select: { names: [], datastores: [] }, takes: true },
    { select: { names: ['ord*'], datastores: ['mysql'] }, takes: true },
    { select: { names: ['ord*'], datastores: ['mariadb'] }, takes: false },
    { select: { names: ['x', 'y*'], datastores: [] }, takes: false },
  ])('$select takes it: $takes', ({ select, takes }) => {
    const found = effective({ policies: [ours({ zone: 'UTC' }, { select })], overrides: null });
    expect(found.project?.name).toBe(takes ? 'ours' : undefined);
    expect(found.because.map(({ rule }) => rule)).toEqual(takes ? ['project-policy-selects'] : []);
  });

  test('is the first by name that selects it, whatever the order they come in', () => {
    const policies = [
      ours({}, { name: 'b' }),
      ours({}, { name: 'a', select: { names: ['x'], datastores: [] } }),
      ours({}, { name: 'aa' }),
    ];
    expect(effective({ policies, overrides: null }).project?.name).toBe('aa');
    expect(effective({ policies: policies.toReversed(), overrides: null }).project?.name).toBe('aa');
  });
});

test('who opts out has no backups, where that is allowed', () => {
  expect(layered(BASE, instance(), said({}, false))).toEqual({
    kind: 'excluded',
    because: { rule: 'opted-out', params: {} },
  });
  const found = effective(said({}, false), { ...BASE, tenantMay: { ...ALL, optOut: false } });
  expect(found.because).toMatchObject([{ rule: 'opt-out-dropped', params: { by: { rule: 'override-not-allowed' } } }]);
});

test('a policy that says nothing of its users lets them choose the window and the zone', () => {
  const { tenantMay: _, ...base } = BASE;
  expect(dropped(said({ every: 'week', window: DAWN, zone: 'UTC', keep: { withinMs: 9 * DAY } }), base)).toEqual([
    'every instance: override-not-allowed',
    'keep instance: override-not-allowed',
  ]);
});
