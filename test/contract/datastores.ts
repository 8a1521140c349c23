import { expect, it } from 'vitest';
import { shapeOf } from './shape.ts';
import type { Stage } from './stage.ts';

interface Datastore {
  readonly id: string;
  readonly name: string;
  readonly default_version: string;
  readonly versions: readonly { readonly id: string; readonly name: string }[];
}

/** Trove gives the versions in any order, and in another one at the next time. */
export const inOrder = <T extends { readonly versions: readonly { readonly id: string }[] }>(it: T | undefined) =>
  it && { ...it, versions: it.versions.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };

const LINKS = ['links[].href: string', 'links[].rel: string'];
const VERSION = ['id: string', ...LINKS, 'name: string', 'version: string'];

export function describeDatastores(stage: Stage): void {
  const get = async (path: string) => (await stage.cast.one.get(path)).body;
  const mysql = async () => ((await get('/datastores/mysql')) as { readonly datastore: Datastore }).datastore;

  it('datastores are listed with their versions, and shown by id or name', async () => {
    const { datastores } = (await get('/datastores')) as { readonly datastores: readonly Datastore[] };
    expect(datastores.map(({ name }) => name)).toEqual(expect.arrayContaining(['mysql', 'mariadb', 'postgresql']));
    const found = datastores.find(({ name }) => name === 'mysql');
    expect(inOrder(found)).toEqual(inOrder(await mysql()));
    const { datastore } = (await get(`/datastores/${found?.id}`)) as { readonly datastore: Datastore };
    expect(inOrder(datastore)).toEqual(inOrder(found));
    expect(found?.versions.map(({ name }) => name).toSorted()).toEqual(['5.7.29', '8.0.29']);
    expect(found?.versions.find(({ id }) => id === found.default_version)?.name).toBe('5.7.29');
    expect(shapeOf(found)).toEqual(
      [
        'default_version: string',
        'id: string',
        ...LINKS,
        'name: string',
        ...VERSION.map((line) => `versions[].${line}`),
      ].sort(),
    );
  });

  it('a version is shown by id or name, within its datastore or alone', async () => {
    const { id: datastore, versions } = await mysql();
    const [version] = versions;
    const shown = await get(`/datastores/mysql/versions/${version?.id}`);
    expect(shown).toMatchObject({ version: { ...version, datastore } });
    expect(await get(`/datastores/${datastore}/versions/${version?.name}`)).toEqual(shown);
    expect(await get(`/datastores/versions/${version?.id}`)).toEqual(shown);
    expect(await get('/datastores/mysql/versions')).toMatchObject({
      versions: versions.map((one) => ({ ...one, datastore })),
    });
  });

  it('an unknown datastore is a 404, an unknown version a 400', async () => {
    const { one } = stage.cast;
    expect(await one.get('/datastores/nosuch')).toMatchObject({
      status: 404,
      body: { itemNotFound: { message: "Datastore 'nosuch' cannot be found." } },
    });
    expect(await one.get('/datastores/mysql/versions/nosuch')).toMatchObject({
      status: 400,
      body: { badRequest: { message: "Datastore version 'nosuch' cannot be found." } },
    });
  });

  it('flavors have numbers for ids, and the text beside', async () => {
    const { flavors } = (await get('/flavors')) as { readonly flavors: readonly unknown[] };
    const [first] = flavors;
    expect(first).toMatchObject({ id: 1, str_id: '1', name: 'db.1', ram: 1024, vcpus: 1, disk: 20, ephemeral: 0 });
    expect(await get('/flavors/1')).toEqual({ flavor: first });
    expect(await get('/datastores/mysql/versions/5.7.29/flavors')).toEqual({ flavors });
    expect((await stage.cast.one.get('/flavors/77')).status).toBe(404);
  });
}
