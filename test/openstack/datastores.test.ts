import { describe, expect, it } from 'vitest';
import { createTrove } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { answer, ok } from './recorded.ts';
import { failureOf, PROJECT, stubKeystone } from './support.ts';

noNetwork();

const project = () => createTrove(stubKeystone()).project({ projectId: PROJECT });

/** As Trove's views write them (trove/datastore/views.py, trove/flavor/views.py); an admin is told more. */
const VERSION = { id: 'v1', name: '5.7.29', version: '5.7.29', links: [] };
const OF_ADMIN = { active: true, packages: '', image: 'i1', image_tags: ['trove', 'mysql'] };
const MYSQL = { id: 'd1', name: 'mysql', default_version: 'v1', links: [], versions: [VERSION] };
const BARE = { id: 'd2', name: 'redis', links: [], versions: [] };
const FLAVOR = { id: 1, str_id: '1', name: 'small', ram: 512, vcpus: 1, disk: 10, ephemeral: 0, links: [] };
const ODD = { id: null, str_id: 'd2.tiny', name: 'tiny', ram: 256, links: [] };

describe('datastores', () => {
  const mysql = {
    id: 'd1',
    name: 'mysql',
    defaultVersionId: 'v1',
    versions: [{ id: 'v1', name: '5.7.29', version: '5.7.29' }],
  };

  it('are listed with their versions, with or without a default', async () => {
    answer('GET', `/${PROJECT}/datastores`, ok({ datastores: [MYSQL, BARE] }));
    expect(await project().datastores.list()).toEqual([mysql, { id: 'd2', name: 'redis', versions: [] }]);
  });

  it('are shown by name, and more to admins', async () => {
    answer(
      'GET',
      `/${PROJECT}/datastores/mysql`,
      ok({ datastore: { ...MYSQL, versions: [{ ...VERSION, ...OF_ADMIN }] } }),
    );
    expect(await project().datastores.show('mysql')).toEqual({
      ...mysql,
      versions: [{ ...mysql.versions[0], active: true }],
    });
  });

  it('have versions that older Trove knows by name alone', async () => {
    const { version: _, ...older } = VERSION;
    answer('GET', `/${PROJECT}/datastores/d1/versions`, ok({ versions: [{ ...older, datastore: 'd1' }] }));
    expect(await project().datastores.versions('d1')).toEqual([{ id: 'v1', name: '5.7.29' }]);
  });

  it('of the wrong form name the field', async () => {
    answer('GET', `/${PROJECT}/datastores`, ok({ datastores: [{ ...MYSQL, versions: [{ ...VERSION, id: 7 }] }] }));
    expect(await failureOf(project().datastores.list())).toMatchObject({
      code: 'malformed',
      field: 'datastores[0].versions[0].id',
    });
  });
});

describe('flavors', () => {
  it('are listed by the id that each has as text', async () => {
    answer('GET', `/${PROJECT}/flavors`, ok({ flavors: [FLAVOR, ODD] }));
    expect(await project().flavors.list()).toEqual([
      { id: '1', name: 'small', ramMib: 512, vcpus: 1, diskGib: 10 },
      { id: 'd2.tiny', name: 'tiny', ramMib: 256 },
    ]);
  });

  it('are listed for one version of a datastore', async () => {
    answer('GET', `/${PROJECT}/datastores/d1/versions/v1/flavors`, ok({ flavors: [ODD] }));
    const list = project().flavors.list({ datastore: { id: 'd1', versionId: 'v1' } });
    expect((await list).map(({ id }) => id)).toEqual(['d2.tiny']);
  });

  it('are shown', async () => {
    answer('GET', `/${PROJECT}/flavors/1`, ok({ flavor: FLAVOR }));
    expect(await project().flavors.show('1')).toMatchObject({ name: 'small' });
  });
});
