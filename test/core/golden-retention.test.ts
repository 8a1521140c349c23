import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  explain,
  type FatesInput,
  fates,
  type Hold,
  isManaged,
  type Keep,
  type OwnedBackup,
  type Retention,
  type Standstill,
} from '../../lib/core/index.ts';
import { at, DAY, demanded, foreign, HOUR, managed, policy } from './builders.ts';

/** Every history under every policy, as a file a person can read: what becomes of each backup, and why. */
interface History {
  readonly says: string;
  readonly now: string;
  readonly backups: readonly OwnedBackup[];
  readonly holds?: readonly Hold[];
  readonly demandedKeeps?: Readonly<Record<string, number>>;
  readonly goneUtc?: number;
  readonly standstills?: readonly Standstill[];
}

const NOW = '2026-11-24 12:00';
const name = (slotUtc: number): string => new Date(slotUtc).toISOString().slice(0, 13).replace('T', ' ').concat('h');

/** Backups `everyMs` apart up to `until`, each on the one before, full at the start and where `isFull` says. */
function row(until: string, count: number, everyMs: number, isFull: (slotUtc: number) => boolean): OwnedBackup[] {
  const slots = Array.from({ length: count }, (_, n) => at(until) - (count - 1 - n) * everyMs);
  return slots.map((slotUtc, n) => {
    const before = slots[n - 1];
    const parentId = before === undefined || isFull(slotUtc) ? null : name(before);
    return managed(name(slotUtc), slotUtc, { parentId });
  });
}
const onSunday = (slotUtc: number): boolean => new Date(slotUtc).getUTCDay() === 0;
const onSundayNight = (slotUtc: number): boolean => onSunday(slotUtc) && new Date(slotUtc).getUTCHours() === 0;
const nights = (until: string, count: number) => row(until, count, DAY, onSunday);

const HISTORIES: Readonly<Record<string, History>> = {
  nights: { says: 'Five weeks of nights, a full each Sunday', now: NOW, backups: nights('2026-11-23 22:00', 35) },
  'six-hourly': {
    says: 'Every six hours for nine days',
    now: NOW,
    backups: row('2026-11-24 12:00', 36, 6 * HOUR, onSundayNight),
  },
  outage: {
    says: 'Two weeks of nights, a month of none, two nights',
    now: NOW,
    backups: [...nights('2026-10-22 22:00', 14), ...row('2026-11-23 22:00', 2, DAY, () => false)],
  },
  silence: { says: 'A week of nights, then none for ten days', now: NOW, backups: nights('2026-11-14 22:00', 8) },
  users: {
    says: "Two weeks of nights; a user's incremental on one of them, and a full of his own",
    now: NOW,
    backups: [
      ...nights('2026-11-23 22:00', 16),
      foreign('users-inc', { parentId: '2026-11-10 22h', createdUtc: at('2026-11-11 09:00') }),
      foreign('users-full', { createdUtc: at('2026-11-12 09:00') }),
    ],
  },
  failures: {
    says: 'Nights of which three failed',
    now: NOW,
    backups: nights('2026-11-23 22:00', 12).map((backup) =>
      ['2026-11-14 22h', '2026-11-21 22h', '2026-11-23 22h'].includes(backup.id)
        ? { ...backup, status: 'FAILED' }
        : backup,
    ),
  },
  held: {
    says: 'Nights, one of them held, one held no longer, and a full made on demand',
    now: NOW,
    backups: [...nights('2026-11-23 22:00', 18), demanded('demanded', at('2026-11-09 10:00'))],
    holds: [
      { backupId: '2026-11-11 22h', owner: 'anna', note: 'before the migration', untilUtc: at('2027-01-01 00:00') },
      { backupId: '2026-11-18 22h', owner: 'binh', note: 'for a test', untilUtc: at('2026-11-20 00:00') },
    ],
  },
  'on-demand': {
    says: 'Nights of an instance with fulls on demand: kept for two days, for thirty, for ever; an incremental for ever',
    now: NOW,
    backups: [
      ...nights('2026-11-23 22:00', 18),
      demanded('for-ever', at('2026-11-09 10:00')),
      demanded('thirty-days', at('2026-11-10 10:00')),
      demanded('two-days', at('2026-11-12 10:00')),
      demanded('inc-for-ever', at('2026-11-13 10:00'), { parentId: '2026-11-12 22h' }),
      demanded('today', at('2026-11-24 10:00')),
    ],
    demandedKeeps: { 'run-thirty-days': 30 * DAY, 'run-two-days': 2 * DAY, 'run-today': HOUR },
  },
  'on-demand-gone': {
    says: 'The same of one that is gone since two weeks; its newest point was asked for',
    now: NOW,
    backups: [
      ...nights('2026-11-09 22:00', 4),
      demanded('for-ever', at('2026-11-08 10:00')),
      demanded('two-days', at('2026-11-09 10:00')),
      demanded('last-of-all', at('2026-11-10 10:00')),
    ],
    demandedKeeps: { 'run-two-days': 2 * DAY, 'run-last-of-all': DAY },
    goneUtc: at('2026-11-10 12:00'),
  },
  months: {
    says: 'Fulls of two years, one a month, and three nights on the last',
    now: NOW,
    backups: [
      ...Array.from({ length: 24 }, (_, n) => new Date(Date.UTC(2024, 11 + n, 1, 22)).getTime()).map((slotUtc) =>
        managed(name(slotUtc), slotUtc),
      ),
      ...['2026-11-21 22:00', '2026-11-22 22:00', '2026-11-23 22:00'].map((slot, n, all) =>
        managed(name(at(slot)), at(slot), { parentId: n === 0 ? '2026-11-01 22h' : name(at(all[n - 1] ?? '')) }),
      ),
    ],
  },
  'just-gone': {
    says: 'Nights of an instance that is gone since yesterday',
    now: NOW,
    backups: nights('2026-11-22 22:00', 10),
    goneUtc: at('2026-11-23 12:00'),
  },
  'long-gone': {
    says: 'Nights of an instance that is gone since two weeks',
    now: NOW,
    backups: nights('2026-11-09 22:00', 10),
    goneUtc: at('2026-11-10 12:00'),
  },
  paused: {
    says: 'Nights, then a pause of five days that ended yesterday',
    now: NOW,
    backups: [...nights('2026-11-17 22:00', 12), managed('2026-11-23 22h', at('2026-11-23 22:00'))],
    standstills: [{ fromUtc: at('2026-11-18 12:00'), toUtc: at('2026-11-23 12:00') }],
  },
  'stopped-and-gone': {
    says: 'Nights of an instance that is gone since two weeks, for one of which the service was stopped',
    now: NOW,
    backups: nights('2026-11-09 22:00', 10),
    goneUtc: at('2026-11-10 12:00'),
    standstills: [{ fromUtc: at('2026-11-12 12:00'), toUtc: at('2026-11-19 18:00') }],
  },
};

const POLICIES: Readonly<Record<string, { readonly keep: Keep; readonly minimumFulls?: number }>> = {
  'a-week': { keep: { withinMs: 7 * DAY } },
  'last-5': { keep: { last: 5 } },
  gfs: { keep: { daily: 7, weekly: 4, monthly: 12, yearly: 3 } },
  'two-fulls': { keep: { last: 1 }, minimumFulls: 2 },
};

const sceneOf = (
  { backups, now, holds = [], demandedKeeps = {}, goneUtc, standstills = [] }: History,
  retention: Retention,
): FatesInput => ({
  instance: { id: 'db-1', projectId: 'project-a' },
  goneUtc: goneUtc ?? null,
  retention,
  policy: policy(),
  backups,
  elsewhere: [],
  holds,
  demandedKeeps,
  gone: new Set(),
  standstills,
  nowUtc: at(now),
});

const RULES = Object.entries({
  withinMs: 'within',
  last: 'last',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
  yearly: 'yearly',
});

function told({ says, now, backups }: History, retention: Retention, scene: FatesInput): string {
  const found = fates(scene);
  const keep = RULES.flatMap(([rule, word]) => {
    const value = retention.keep[rule as keyof Keep];
    return value === undefined ? [] : [`${word}: ${rule === 'withinMs' ? `${value / DAY}d` : value}`];
  }).join(', ');
  const lines = backups.map((backup) => {
    const fate = found.get(backup.id);
    const reasons = !fate ? [] : fate.kind === 'kept' ? fate.because : [fate.because];
    const form = backup.parentId === null ? 'full' : `on ${backup.parentId}`;
    const whose = isManaged(backup) ? (fate?.kind ?? '?') : 'not ours';
    const head = [backup.id.padEnd(15), form.padEnd(18), backup.status.padEnd(10), whose.padEnd(10)].join(' ');
    return [head, ...reasons.map((reason) => explain(reason))].join('\n    ').trimEnd();
  });
  return `${says}\nkeep: { ${keep} }, minimum_fulls: ${retention.minimumFulls}\nnow: ${now}\n\n${lines.join('\n')}\n`;
}

const WORLDS = Object.entries(HISTORIES).flatMap(([history, it]) =>
  Object.entries(POLICIES).map(([by, { keep, minimumFulls = 1 }]) => ({
    file: `${history}--${by}.txt`,
    history: it,
    retention: { keep, minimumFulls, onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY }, anchor: true },
  })),
);

test.each(WORLDS)('$file', async ({ file, history, retention }) => {
  const text = told(history, retention, sceneOf(history, retention));
  await expect(text).toMatchFileSnapshot(`golden-retention/${file}`);
});

test('there is a file of each history under each policy, and no other', () => {
  expect(WORLDS.length).toBeGreaterThanOrEqual(40);
  expect(readdirSync(new URL('golden-retention/', import.meta.url)).sort()).toEqual(
    WORLDS.map(({ file }) => file).sort(),
  );
});
