import { describe, expect, test } from 'vitest';
import { type Fate, fates, type Mark, type OwnedBackup, pruneStep } from '../../lib/core/index.ts';
import { at, chainOf, DAY, foreign, HOUR, managed, policy } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const GRACE = 24 * HOUR;
const OLD = chainOf(NOW - 20 * DAY, ['full-1', 'inc-1']);
const NEW = chainOf(NOW - DAY, ['full-2']);
const marksOf = (...lines: readonly [string, number][]): readonly Mark[] =>
  lines.map(([backupId, ageMs]) => ({ backupId, markedUtc: NOW - ageMs }));

const fatesOf = (backups: readonly OwnedBackup[]): ReadonlyMap<string, Fate> =>
  fates({
    instance: { id: 'db-1', projectId: 'project-a' },
    goneUtc: null,
    retention: {
      keep: { last: 1 },
      minimumFulls: 1,
      onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
      anchor: false,
    },
    policy: policy(),
    backups,
    elsewhere: [],
    holds: [],
    demandedKeeps: {},
    gone: new Set(),
    nowUtc: NOW,
  });

interface Case {
  readonly says: string;
  readonly backups?: readonly OwnedBackup[];
  readonly marks?: readonly Mark[];
  readonly gone?: readonly string[];
  readonly step: { mark?: readonly string[]; lift?: readonly string[]; next?: string; inMs?: number };
}

describe('a prune', () => {
  test.each<Case>([
    { says: 'does nothing where all is wanted', backups: NEW, step: {} },
    { says: 'marks first what nothing wants', step: { mark: ['full-1', 'inc-1'], inMs: GRACE } },
    {
      says: 'marks nothing twice, and waits for the grace of each',
      marks: marksOf(['full-1', HOUR], ['inc-1', 2 * HOUR]),
      step: { inMs: 22 * HOUR },
    },
    {
      says: 'deletes nothing a moment too soon',
      marks: marksOf(['full-1', GRACE - 1], ['inc-1', GRACE - 1]),
      step: { inMs: 1 },
    },
    { says: 'begins with the leaf', marks: marksOf(['full-1', GRACE], ['inc-1', GRACE]), step: { next: 'inc-1' } },
    {
      says: 'waits with a parent for its leaf, whose grace ends later',
      marks: marksOf(['full-1', GRACE], ['inc-1', HOUR]),
      step: { inMs: GRACE - HOUR },
    },
    {
      says: 'ends with the root',
      backups: [...OLD.slice(0, 1), ...NEW],
      marks: marksOf(['full-1', GRACE]),
      step: { next: 'full-1' },
    },
    {
      says: 'takes the oldest leaf first',
      backups: [...NEW, ...chainOf(NOW - 9 * DAY, ['late']), ...chainOf(NOW - 30 * DAY, ['early'])],
      marks: marksOf(['late', GRACE], ['early', GRACE]),
      step: { next: 'early' },
    },
    {
      says: 'lifts the mark of what is wanted again, and of what is gone',
      backups: NEW,
      marks: marksOf(['full-2', GRACE], ['full-1', GRACE]),
      step: { lift: ['full-2: wanted-again', 'full-1: gone-already'] },
    },
    {
      says: 'lifts no mark of what it is deleting',
      backups: NEW,
      marks: marksOf(['full-1', GRACE]),
      gone: ['full-1'],
      step: {},
    },
    {
      says: "keeps the mark of what a user's backup stands on, and deletes it not",
      backups: [...OLD, ...NEW, foreign('users', { parentId: 'inc-1' })],
      marks: marksOf(['full-1', GRACE], ['inc-1', GRACE]),
      step: {},
    },
    {
      says: 'gives a failed one no grace, since nothing can be restored from it',
      backups: [
        ...NEW,
        managed('bad', NOW - 9 * DAY, { status: 'FAILED' }),
        managed('worse', NOW - 2 * DAY, { status: 'FAILED' }),
      ],
      step: { next: 'bad' },
    },
  ])('$says', ({ backups = [...OLD, ...NEW], marks = [], gone = [], step }) => {
    const found = pruneStep({
      backups,
      fates: fatesOf(backups),
      marks,
      gone: new Set(gone),
      graceMs: GRACE,
      nowUtc: NOW,
    });
    expect({
      mark: found.mark.map(({ backup }) => backup.id),
      lift: found.lift.map(({ backupId, because: { rule } }) => `${backupId}: ${rule}`),
      next: found.ripe[0]?.backup.id,
      inMs: found.nextUtc === null ? undefined : found.nextUtc - NOW,
    }).toEqual({ mark: [], lift: [], next: undefined, inMs: undefined, ...step });
  });
});
