import { copyFileSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createReads } from '../../../daemon/http/reads.ts';
import { listingStore } from '../../../daemon/store/listing.ts';
import { readsOf } from '../../../daemon/wiring/reads.ts';
import { ALL } from '../../store/fleet.ts';
import { NOW, openWorld, scheduled } from '../../store/world.ts';

const AS = { language: 'en', nowUtc: NOW, search: '' } as const;

test('they answer with the same bytes as the store itself, and see what is stored later', async () => {
  const world = openWorld();
  const reads = readsOf(world.path);
  const db = new Database(world.path, { readonly: true });
  const here = createReads(listingStore(db));
  try {
    expect(await reads.instance('db-1', null, AS)).toBeNull();
    await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW)], NOW);
    const asked = [reads.instances(ALL, AS), reads.instance('db-1', 'project-a', AS)] as const;
    const [list, one] = await Promise.all(asked);
    expect(new TextDecoder().decode(list?.bytes)).toContain('"id":"db-1"');
    expect(list).toEqual(await here.instances(ALL, AS));
    expect(one).toEqual(await here.instance('db-1', 'project-a', AS));
    expect(await reads.instance('db-1', 'project-b', AS)).toBeNull();
    expect(await reads.instances({ ...ALL, marker: 'none' }, AS)).toBeNull();
  } finally {
    reads.close();
    db.close();
  }
});

test('a file that is not there, or another in its place, is not read from', async () => {
  const reads = readsOf('/nowhere/store.db');
  await expect(reads.instance('db-1', null, AS)).rejects.toThrow('is not the file that the daemon has open');
  reads.close();
  const world = openWorld();
  const late = readsOf(world.path);
  renameSync(world.path, `${world.path}.away`);
  copyFileSync(`${world.path}.away`, world.path);
  await expect(late.run('run-1', null, AS)).rejects.toThrow('is not the file that the daemon has open');
  late.close();
});
