import { expect, it } from 'vitest';
import { createKeystone, createTrove, type OpenStackError } from '../../lib/openstack/index.ts';
import { createRegion } from '../../lib/simulator/index.ts';

/** A project with backups that stir while their list is read in pages of twenty. */
function open(count: number, stir: (page: number, act: { add(): void; remove(id: string): void }) => void = () => {}) {
  let nowUtc = Date.parse('2026-11-22T00:00:00Z');
  const region = createRegion({ clock: { nowUtc: () => nowUtc, after: () => () => {} } });
  region.seedStandardIdentities();
  const { id: instanceId } = region.createInstance({ projectName: 'demo', name: 'orders' });
  const add = () => {
    nowUtc += 60_000;
    return region.createBackup({ instanceId, name: 'b' }).id;
  };
  const ids = Array.from({ length: count }, add);
  let page = 0;
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const small = new URL(String(url));
    if (small.searchParams.has('limit')) {
      small.searchParams.set('limit', '20');
      stir(page++, { add, remove: (id) => region.deleteBackup(id) });
    }
    return region.fetch(small.href, init);
  };
  const keystone = createKeystone({ authUrl: region.authUrl, username: 'demo', password: 'demo', fetch });
  const { backups } = createTrove(keystone, { fetch }).project({ projectName: 'demo', projectDomainName: 'Default' });
  return { ids, backups, pages: () => page };
}

async function idsOf(rows: AsyncIterable<{ readonly id: string }>, most = Number.POSITIVE_INFINITY) {
  const ids: string[] = [];
  for await (const { id } of rows) if (ids.push(id) >= most) break;
  return ids;
}

it('gives each backup once, newest first, and looks at the front once more', async () => {
  const { ids, backups, pages } = open(45);
  expect(await idsOf(backups.each())).toEqual(ids.toReversed());
  expect(pages()).toBeGreaterThanOrEqual(4);
});

it('asks for no page beyond what is taken', async () => {
  const { ids, backups, pages } = open(45);
  expect(await idsOf(backups.each(), 5)).toEqual(ids.toReversed().slice(0, 5));
  expect(pages()).toBe(1);
});

it('passes none over and gives none twice, though new ones push the rest from page to page', async () => {
  const { ids, backups } = open(45, (page, { add }) => {
    if (page < 4) for (let made = 0; made < 3; made++) add();
  });
  const found = await idsOf(backups.each());
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(ids));
  expect(found.length).toBe(45 + 4 * 3);
});

it('passes none over though newer ones go away, and pull the rest past the seam of two pages', async () => {
  const doomed: string[] = [];
  const { ids, backups } = open(45, (page, { remove }) => {
    if (page === 1) for (const id of doomed) remove(id);
  });
  doomed.push(...ids.slice(-6));
  expect(await idsOf(backups.each())).toEqual(expect.arrayContaining(ids.slice(0, -6)));
});

it('says at its end where it could not be complete', async () => {
  const { backups } = open(45, (_, { add }) => {
    for (let made = 0; made < 15; made++) add();
  });
  const failure = await idsOf(backups.each()).catch((error: OpenStackError) => error);
  expect(failure).toMatchObject({ code: 'incomplete' });
});
