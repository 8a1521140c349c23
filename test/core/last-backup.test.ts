import { expect, test } from 'vitest';
import { type FatesInput, fates, type OwnedBackup, type Retention } from '../../lib/core/index.ts';
import { at, backup, chainOf, DAY, foreign, HOUR, managed, policy, SECOND } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const NIGHT = NOW - 14 * HOUR;
/** What keeps least of all that may be configured. */
const LEAST: Retention = {
  keep: { last: 1 },
  minimumFulls: 1,
  onDelete: { keepMs: 0, lastChainMs: DAY },
  anchor: false,
};

interface Danger {
  readonly says: string;
  readonly backups: readonly OwnedBackup[];
  /** Ids of what an owner would miss. */
  readonly stay: readonly string[];
  /** What may go all the same: the rest is not just kept for ever. */
  readonly go?: readonly string[];
  readonly over?: Partial<FatesInput>;
}

const OLD = chainOf(NIGHT - 9 * DAY, ['full-0', 'inc-0']);
const ahead = (id: string, parentId: string | null = null) => ({
  ...managed(id, NOW + 3652 * DAY, { parentId }),
  createdUtc: NIGHT - 8 * DAY,
});
const postgresql = { datastore: { type: 'postgresql', version: '16' } };

const DANGERS: readonly Danger[] = [
  {
    says: 'the clock was years ahead when the instance was enrolled: its first slot does not hide what came later',
    backups: [ahead('future'), managed('now', NIGHT)],
    stay: ['now'],
    go: ['future'],
  },
  {
    says: 'an incremental of such a slot stands below what is newest',
    backups: [ahead('future'), managed('now', NIGHT, { parentId: 'future' })],
    stay: ['now', 'future'],
  },
  {
    says: 'two incrementals were made in one second, on each other',
    backups: [
      managed('full', NIGHT - DAY),
      managed('a', NIGHT, { parentId: 'full' }),
      managed('b', NIGHT, { parentId: 'a' }),
    ],
    stay: ['full', 'a', 'b'],
  },
  {
    says: 'two branches end in one second: one of them stays whole',
    backups: [
      managed('full', NIGHT - DAY),
      managed('a', NIGHT, { parentId: 'full' }),
      managed('b', NIGHT, { parentId: 'full' }),
    ],
    stay: ['full', 'b'],
    go: ['a'],
  },
  {
    says: 'an instance restored from it, of the same name, has points of its own and newer ones',
    backups: [managed('mine', NIGHT - HOUR)],
    stay: ['mine'],
    over: { elsewhere: [managed('its', NIGHT, { instanceId: 'db-2' })] },
  },
  {
    says: 'the newest stands on a backup of another project, and cannot be restored from: the one before it counts',
    backups: [
      managed('good', NIGHT - DAY),
      managed('astray', NIGHT, { parentId: 'theirs' }),
      foreign('theirs', { projectId: 'project-b' }),
    ],
    stay: ['good', 'astray'],
  },
  {
    says: 'the newest stands on a full that failed: the chain before it counts',
    backups: [...OLD, managed('bad', NIGHT - DAY, { status: 'FAILED' }), managed('on-bad', NIGHT, { parentId: 'bad' })],
    stay: ['full-0', 'inc-0', 'bad', 'on-bad'],
  },
  {
    says: 'everything after it failed for a week',
    backups: [...OLD, ...[1, 2, 3].map((n) => managed(`bad-${n}`, NIGHT - n * DAY, { status: 'FAILED' }))],
    stay: ['full-0', 'inc-0', 'bad-1'],
    go: ['bad-2', 'bad-3'],
  },
  {
    says: 'the policy turned to the least right after a week that failed',
    backups: [...chainOf(NIGHT - 30 * DAY, ['full', 'inc']), ...OLD],
    stay: ['full', 'inc', 'full-0', 'inc-0'],
  },
  {
    says: 'PostgreSQL has fulls alone, of which three are the floor',
    backups: [0, 1, 2, 3].map((n) => managed(`full-${n}`, NIGHT - n * DAY, postgresql)),
    stay: ['full-0', 'full-1', 'full-2'],
    go: ['full-3'],
    over: { retention: { ...LEAST, minimumFulls: 3 } },
  },
  {
    says: 'fulls that failed or are being made count for no floor',
    backups: [
      managed('running', NIGHT, { status: 'SAVING' }),
      managed('bad', NIGHT - HOUR, { status: 'FAILED' }),
      managed('full-1', NIGHT - DAY),
      managed('full-2', NIGHT - 2 * DAY),
      managed('full-3', NIGHT - 3 * DAY),
    ],
    stay: ['running', 'full-1', 'full-2'],
    go: ['full-3'],
    over: { retention: { ...LEAST, minimumFulls: 2 } },
  },
  {
    says: "a user's own fulls count for no floor",
    backups: [foreign('users', { createdUtc: NIGHT }), managed('ours', NIGHT - HOUR)],
    stay: ['ours'],
  },
  {
    says: 'the datastore was upgraded between two parts of a chain, and nothing of the new version is complete',
    backups: [
      ...chainOf(NIGHT - DAY, ['full', 'inc']),
      managed('next', NOW - HOUR, { status: 'BUILDING', datastore: { type: 'mysql', version: '8.4' } }),
    ],
    stay: ['full', 'inc', 'next'],
  },
  {
    says: 'the newest is under a DELETE that may yet happen: the one before it is the newest',
    backups: [managed('old', NIGHT - HOUR), managed('going', NIGHT)],
    stay: ['old'],
    over: { gone: new Set(['going']) },
  },
  {
    says: 'what it stands on is under such a DELETE: it counts no more, and the chain before it does',
    backups: [
      ...chainOf(NIGHT - 2 * DAY + SECOND, ['full', 'inc']),
      managed('going', NIGHT - HOUR),
      managed('on', NIGHT, { parentId: 'going' }),
    ],
    stay: ['full', 'inc', 'on'],
    over: { gone: new Set(['going']) },
  },
  {
    says: 'the newest lies in cinder, which knows no parents',
    backups: [managed('old', NIGHT - HOUR), managed('cinder', NIGHT, { location: 'cinder://snapshot' })],
    stay: ['old', 'cinder'],
  },
  {
    says: 'a user made the newest state of it: one that nobody knows',
    backups: [managed('old', NIGHT - HOUR), managed('odd', NIGHT, { status: 'RESTORED' })],
    stay: ['old', 'odd'],
  },
  {
    says: 'a hold on an incremental holds all that it stands on, also with nothing else below',
    backups: [...chainOf(NIGHT - 20 * DAY, ['full', 'inc', 'last']), managed('now', NIGHT)],
    stay: ['full', 'inc', 'now'],
    go: ['last'],
    over: { holds: [{ backupId: 'inc', owner: 'anna', note: 'audit', untilUtc: null }] },
  },
  {
    says: 'a hold on what failed holds that as well',
    backups: [managed('bad-1', NIGHT - DAY, { status: 'FAILED' }), managed('bad-2', NIGHT, { status: 'FAILED' })],
    stay: ['bad-1', 'bad-2'],
    over: { holds: [{ backupId: 'bad-1', owner: 'anna', note: 'fault', untilUtc: NOW + HOUR }] },
  },
  {
    says: 'somebody has still to look at what a DELETE took along',
    backups: [managed('old', NIGHT - DAY), managed('now', NIGHT)],
    stay: ['old', 'now'],
    over: { paused: { rule: 'took-more', params: { backup: 'x', taken: 1 } } },
  },
  {
    says: 'it was excluded from nothing, but the newest row is of another project',
    backups: [
      managed('ours', NIGHT - HOUR),
      { ...managed('moved', NIGHT), ...backup('moved', { projectId: 'project-b' }) },
    ],
    stay: ['ours'],
  },
  {
    says: 'its instance is gone, with all kept for no time: the last chain stays',
    backups: [...OLD, ...chainOf(NIGHT - 2 * DAY, ['full', 'inc'])],
    stay: ['full', 'inc'],
    go: ['full-0', 'inc-0'],
    over: { goneUtc: NOW - HOUR },
  },
];

test.each(DANGERS)('$says', ({ backups, stay, go = [], over }) => {
  for (const listed of [backups, backups.toReversed()]) {
    const found = fates({
      ...{ instance: { id: 'db-1', projectId: 'project-a' }, goneUtc: null, retention: LEAST, policy: policy() },
      ...{ elsewhere: [], holds: [], onDemand: new Set<string>(), gone: new Set<string>(), nowUtc: NOW },
      ...over,
      backups: listed,
    });
    const removable = [...found].filter(([, { kind }]) => kind === 'removable').map(([id]) => id);
    expect(removable.filter((id) => stay.includes(id))).toEqual([]);
    expect(removable).toEqual(expect.arrayContaining([...go]));
  }
});
