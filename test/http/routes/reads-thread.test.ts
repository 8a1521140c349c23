import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createReads } from '../../../daemon/http/reads.ts';
import { listingStore } from '../../../daemon/store/listing.ts';
import { readsThread } from '../../../daemon/wiring/reads.ts';
import { ALL } from '../../store/fleet.ts';
import { NOW, openWorld, scheduled } from '../../store/world.ts';

const AS = { language: 'en', nowUtc: NOW, search: '' } as const;

test('the thread answers with the same bytes as the store itself, and sees what is stored later', async () => {
  const world = openWorld();
  const thread = readsThread(world.path);
  const db = new Database(world.path, { readonly: true });
  const here = createReads(listingStore(db));
  try {
    expect(await thread.instance('db-1', null, AS)).toBeNull();
    await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW)], NOW);
    const asked = [thread.instances(ALL, AS), thread.instance('db-1', 'project-a', AS)] as const;
    const [list, one] = await Promise.all(asked);
    expect(new TextDecoder().decode(list?.bytes)).toContain('"id":"db-1"');
    expect(list).toEqual(await here.instances(ALL, AS));
    expect(one).toEqual(await here.instance('db-1', 'project-a', AS));
    expect(await thread.instance('db-1', 'project-b', AS)).toBeNull();
    expect(await thread.instances({ ...ALL, marker: 'none' }, AS)).toBeNull();
  } finally {
    thread.close();
    db.close();
  }
});
