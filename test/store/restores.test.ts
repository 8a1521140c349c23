import { expect, test } from 'vitest';
import { NOW, openWorld } from './world.ts';

const RESTORE = { projectId: 'project-a', key: 'k-1', request: '["b-1","again"]' };
const INSTANCE = { id: 'i-1', name: 'again', status: 'BUILD' };

test('a key is new, then of what was sent, then of what came of it, also after a restart', async () => {
  const { path, restores, close } = openWorld();
  expect(await restores.before(RESTORE)).toEqual({ kind: 'new' });
  await restores.begin(RESTORE, NOW);
  expect(await restores.before(RESTORE)).toEqual({ kind: 'lost' });
  await restores.made(RESTORE, INSTANCE);
  expect(await restores.before(RESTORE)).toEqual({ kind: 'made', instance: INSTANCE });
  close();
  expect(await openWorld({ path }).restores.before(RESTORE)).toEqual({ kind: 'made', instance: INSTANCE });
});

test('a key is a project’s own, and of one restore', async () => {
  const { restores } = openWorld();
  await restores.begin(RESTORE, NOW);
  expect(await restores.before({ ...RESTORE, projectId: 'project-b' })).toEqual({ kind: 'new' });
  expect(await restores.before({ ...RESTORE, request: '["b-2","again"]' })).toEqual({ kind: 'other' });
  await expect(restores.begin(RESTORE, NOW)).rejects.toThrow('UNIQUE');
});

test('what nothing came of is forgotten, and what something came of is not', async () => {
  const { restores } = openWorld();
  await restores.begin(RESTORE, NOW);
  await restores.forget(RESTORE);
  expect(await restores.before(RESTORE)).toEqual({ kind: 'new' });
  await restores.begin(RESTORE, NOW);
  await restores.made(RESTORE, INSTANCE);
  await restores.forget(RESTORE);
  expect(await restores.before(RESTORE)).toEqual({ kind: 'made', instance: INSTANCE });
});
