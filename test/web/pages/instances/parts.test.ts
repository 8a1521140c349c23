import { expect, test } from 'vitest';
import type { News } from '../../../../daemon/web/api/live.ts';
import { type Part, spoiledBy } from '../../../../daemon/web/pages/instances/parts.ts';

const part = (...ids: string[]): Part => ({
  marker: null,
  rows: ids.map((id) => ({ id }) as Part['rows'][number]),
  next: null,
  isStale: false,
});
const about = (kind: NonNullable<News>['kind'], instanceId: string | null): News => ({
  kind,
  at: '2026-11-30T00:00:00Z',
  project_id: 'p1',
  instance_id: instanceId,
});

test.each<{ of: string; news: News[]; stale: boolean[] }>([
  { of: 'a run of an instance that a part has', news: [about('run', 'b')], stale: [false, true] },
  { of: 'a run of one that none has', news: [about('run', 'z')], stale: [false, false] },
  { of: 'an instance that none has: it is new', news: [about('instance', 'z')], stale: [true, true] },
  { of: 'an instance that one has', news: [about('instance', 'a')], stale: [true, false] },
  { of: 'no instance at all', news: [about('policy', null)], stale: [true, true] },
  { of: 'a line that was cut', news: [null], stale: [true, true] },
])('news of $of spoil what they may have changed', ({ news, stale }) => {
  expect(spoiledBy([part('a'), part('b', 'c')], news).map(({ isStale }) => isStale)).toEqual(stale);
});

test('the first instance of a project spoils an empty list', () => {
  expect(spoiledBy([part()], [about('instance', 'a')])).toMatchObject([{ isStale: true }]);
});
