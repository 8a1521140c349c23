import { expect, test } from 'vitest';
import { lookOf } from '../../../../../daemon/web/pages/instance/chains/look.ts';
import { backup } from '../../../../page/lab/world/backups.ts';

const AT = '2026-11-22T22:00:00Z';
const reason = (rule: string, params: Record<string, unknown> = {}) => ({ rule, params, text: rule });
const mark = { marked_at: AT, goes_at: AT, because: reason('unwanted') };

test.each([
  ['a full', {}, { shape: 'square', state: 'kept', isForeign: false }],
  ['an incremental', { kind: 'incremental' }, { shape: 'circle' }],
  ["a user's own full", { origin: 'foreign', fate: null }, { shape: 'diamond', isForeign: true }],
  [
    'an incremental of another service',
    { origin: 'conflict', kind: 'incremental' },
    { shape: 'triangle', isForeign: true },
  ],
  ['one being made', { status: 'SAVING', is_recovery_point: false }, { state: 'running' }],
  ['one that failed', { status: 'FAILED', is_recovery_point: false, mark }, { state: 'failed' }],
  ['one that is marked', { mark, fate: 'removable' }, { state: 'going' }],
  ['one that no rule keeps', { fate: 'removable' }, { state: 'removable' }],
  ['one whose parent failed', { is_recovery_point: false }, { state: 'unusable' }],
  ['one that is held', { hold: { owner: 'ann', note: 'audit', until_at: null } }, { isHeld: true }],
] as const)('%s', (_, more, look) => {
  expect(lookOf(backup('b', AT, more))).toMatchObject(look);
});

test('the periods that it is kept for are shown once each, the shortest first', () => {
  const because = ['yearly', 'daily', 'daily'].map((period) => reason('kept-period', { period }));
  expect(lookOf(backup('b', AT, { because: [...because, reason('kept-newest')] })).periods).toEqual([
    'daily',
    'yearly',
  ]);
});
