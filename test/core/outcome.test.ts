import { describe, expect, test } from 'vitest';
import {
  because,
  judgeOrphan,
  judgeRun,
  lookAgainMs,
  ORPHAN_FOR_MS,
  type OwnedBackup,
  type TrackedRun,
  UNKNOWN_FOR_MS,
} from '../../lib/core/index.ts';
import { at, DAY, foreign, HOUR, MINUTE, managed, SECOND } from './builders.ts';

const ASKED = at('2026-11-22 22:00');
const running: TrackedRun = { id: 'run-b1', state: 'running', backupId: 'b1', intentUtc: ASKED, instanceGoneUtc: null };
const unknown: TrackedRun = { id: 'run-b1', state: 'unknown', backupId: null, intentUtc: ASKED, instanceGoneUtc: null };
const other = managed('b2', ASKED - DAY);
const withStatus = (status: string): readonly OwnedBackup[] => [other, managed('b1', ASKED, { status })];

describe('a running run', () => {
  test.each(['NEW', 'BUILDING', 'SAVING'])('goes on while its backup is %s, even for days', (status) => {
    expect(judgeRun(running, withStatus(status), ASKED + 5 * DAY)).toEqual({ kind: 'still' });
  });

  test.each(['NEW', 'BUILDING', 'SAVING', 'FAILED'])(
    'whose instance is gone ends at once where its backup is %s: nobody is left to end it',
    (status) => {
      const orphan = { ...running, instanceGoneUtc: ASKED + HOUR };
      expect(judgeRun(orphan, withStatus(status), ASKED + HOUR)).toEqual({
        kind: 'end',
        state: 'aborted',
        backupId: 'b1',
        because: because('instance-gone', {}),
      });
    },
  );

  test('whose instance is gone is completed where its backup is', () => {
    const orphan = { ...running, instanceGoneUtc: ASKED + HOUR };
    expect(judgeRun(orphan, withStatus('COMPLETED'), ASKED + HOUR)).toMatchObject({ state: 'completed' });
  });

  test('whose instance is gone and whose backup nobody can be shown is given up after a day', () => {
    const orphan = { ...running, instanceGoneUtc: ASKED + HOUR };
    const late = ASKED + HOUR + ORPHAN_FOR_MS;
    const ends = [judgeOrphan(orphan, late - 1), judgeOrphan(orphan, late), judgeOrphan(running, late)];
    expect(ends.map((verdict) => (verdict?.kind === 'end' ? verdict.state : null))).toEqual([null, 'aborted', null]);
  });

  test('is completed with its backup', () => {
    expect(judgeRun(running, withStatus('COMPLETED'), ASKED + HOUR)).toEqual({
      kind: 'end',
      state: 'completed',
      backupId: 'b1',
      because: because('backup-completed', {}),
    });
  });

  test.each(['FAILED', 'DELETED', 'DELETE_FAILED', 'RESTORED', 'whatever'])('fails when its backup is %s', (status) => {
    expect(judgeRun(running, withStatus(status), ASKED + HOUR)).toEqual({
      kind: 'end',
      state: 'failed',
      backupId: 'b1',
      because: because('backup-failed', { status }),
    });
  });

  test('is looked for by id when the list lacks its backup', () => {
    expect(judgeRun(running, [other], ASKED + 5 * DAY)).toEqual({ kind: 'look', backupId: 'b1' });
  });

  test('follows the backup by id, whoever the marker says it is of', () => {
    expect(judgeRun(running, [foreign('b1')], ASKED)).toMatchObject({ kind: 'end', state: 'completed' });
  });
});

describe('a run whose answer was lost', () => {
  test.each(['NEW', 'BUILDING', 'COMPLETED', 'FAILED'])('adopts a backup with its marker that is %s', (status) => {
    expect(judgeRun(unknown, withStatus(status), ASKED + MINUTE)).toEqual({ kind: 'adopt', backupId: 'b1' });
  });

  test('adopts it also after the time to give up', () => {
    expect(judgeRun(unknown, withStatus('COMPLETED'), ASKED + 3 * DAY)).toEqual({ kind: 'adopt', backupId: 'b1' });
  });

  test.each([
    { says: "another run's backup", backups: [other] },
    { says: 'a foreign one', backups: [foreign('b1')] },
    { says: 'none at all', backups: [] },
  ])('keeps looking while there is $says', ({ backups }) => {
    expect(judgeRun(unknown, backups, ASKED + UNKNOWN_FOR_MS - 1)).toEqual({ kind: 'still' });
  });

  test('is given up after a day, and without a backup', () => {
    expect(judgeRun(unknown, [other], ASKED + UNKNOWN_FOR_MS)).toEqual({
      kind: 'end',
      state: 'failed',
      backupId: null,
      because: because('outcome-unknown', { afterMs: DAY }),
    });
  });
});

test.each([
  { ageMs: 0, expected: 2 * SECOND },
  { ageMs: MINUTE - 1, expected: 2 * SECOND },
  { ageMs: MINUTE, expected: 10 * SECOND },
  { ageMs: 10 * MINUTE, expected: 30 * SECOND },
  { ageMs: HOUR, expected: MINUTE },
  { ageMs: 5 * DAY, expected: MINUTE },
])('a run of $ageMs ms is looked at again after $expected ms', ({ ageMs, expected }) => {
  expect(lookAgainMs(ageMs)).toBe(expected);
});
