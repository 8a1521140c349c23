import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Note } from '../../daemon/ports/notes.ts';
import { notesStore } from '../../daemon/store/notes.ts';
import { openStore } from '../../daemon/store/open.ts';
import { NOW, OWNER, openWorld, type World } from './world.ts';

const note = (instanceId: string, projectId = 'project-a'): Note => ({ instanceId, projectId });
let world: World;
beforeEach(() => {
  world = openWorld();
});

test('many messages about one instance are one note', async () => {
  await world.notes.note([note('db-1'), note('db-1'), note('db-2')]);
  await world.notes.note([note('db-1')]);
  expect(await world.notes.pendingNotes(10)).toEqual([
    { ...note('db-1'), revision: 2 },
    { ...note('db-2'), revision: 1 },
  ]);
});

test('one instance in the words of two projects is two notes: either may be a lie', async () => {
  await world.notes.note([note('db-1', 'project-a'), note('db-1', 'project-b')]);
  expect((await world.notes.pendingNotes(10)).map(({ projectId }) => projectId)).toEqual(['project-a', 'project-b']);
});

test('a settled note is gone, and those not settled stay', async () => {
  await world.notes.note([note('db-1'), note('db-2')]);
  const [first] = await world.notes.pendingNotes(1);
  await world.notes.settleNotes(first ? [first] : []);
  expect(await world.notes.pendingNotes(10)).toEqual([{ ...note('db-2'), revision: 1 }]);
});

test('a note that came again while the first was looked at is not settled with it', async () => {
  await world.notes.note([note('db-1')]);
  const pending = await world.notes.pendingNotes(10);
  await world.notes.note([note('db-1')]);
  await world.notes.settleNotes(pending);
  expect(await world.notes.pendingNotes(10)).toEqual([{ ...note('db-1'), revision: 2 }]);
  await world.notes.settleNotes(await world.notes.pendingNotes(10));
  expect(await world.notes.pendingNotes(10)).toEqual([]);
});

test('no more notes are given out than asked for', async () => {
  await world.notes.note(Array.from({ length: 30 }, (_, index) => note(`db-${index}`)));
  expect(await world.notes.pendingNotes(16)).toHaveLength(16);
});

test('what was noted is there when the store is opened again', async () => {
  await world.notes.note([note('db-1')]);
  world.close();
  expect(await openWorld({ path: world.path }).notes.pendingNotes(10)).toEqual([{ ...note('db-1'), revision: 1 }]);
});

test('a batch with a note that cannot be stored is not stored in part', async () => {
  const broken = { instanceId: 'db-2', projectId: null } as unknown as Note;
  await expect(world.notes.note([note('db-1'), broken])).rejects.toThrow();
  expect(await world.notes.pendingNotes(10)).toEqual([]);
});

describe('more notes than are kept', () => {
  const many = (count: number, from = 0): readonly Note[] =>
    Array.from({ length: count }, (_, index) => note(`db-${from + index}`));
  const small = () => {
    world.close();
    const { db, close } = openStore(world.path, OWNER, NOW);
    onTestFinished(close);
    return notesStore(db, 20);
  };

  test('are all forgotten, and the caller is told to look at everything', async () => {
    const notes = small();
    expect(await notes.note(many(20))).toBe('noted');
    expect(await notes.note(many(20, 20))).toBe('overflow');
    expect(await notes.pendingNotes(100)).toEqual([]);
    expect(await notes.note(many(20, 40))).toBe('noted');
    expect(await notes.pendingNotes(100)).toHaveLength(20);
  });

  test('are not what the same few instances make, however often they are named', async () => {
    const notes = small();
    for (let round = 0; round < 50; round++) expect(await notes.note(many(10))).toBe('noted');
    expect(await notes.pendingNotes(100)).toHaveLength(10);
  });

  test('are counted again after a restart', async () => {
    await world.notes.note(many(15));
    expect(await small().note(many(21, 15))).toBe('overflow');
  });

  test('a note that came after them is not settled with one from before', async () => {
    const notes = small();
    await notes.note([note('db-1')]);
    const looked = await notes.pendingNotes(10);
    expect(await notes.note(many(30, 100))).toBe('overflow');
    await notes.note([note('db-1')]);
    await notes.settleNotes(looked);
    expect((await notes.pendingNotes(10)).map(({ instanceId }) => instanceId)).toEqual(['db-1']);
  });
});
