import { describe, expect, it } from 'vitest';
import { databaseUrl, type Endpoint, findEndpoint } from '../../lib/openstack/catalogue.ts';
import type { Interface } from '../../lib/openstack/index.ts';

const endpoint = (type: string, face: string, region: string | null): Endpoint => ({
  type,
  interface: face,
  region,
  url: `http://${type}.${face}.${region}`,
});

const CATALOGUE = [
  endpoint('identity', 'public', 'One'),
  endpoint('database', 'public', 'One'),
  endpoint('database', 'internal', 'One'),
  endpoint('database', 'public', 'Two'),
];

describe('an endpoint', () => {
  const query = (face: Interface, regionName?: string) => ({ type: 'database', interface: face, regionName });

  it('is found by type, interface and region', () => {
    expect(findEndpoint(CATALOGUE, query('public', 'Two')).url).toBe('http://database.public.Two');
  });

  it('needs no region where there is but one', () => {
    expect(findEndpoint(CATALOGUE, query('internal')).url).toBe('http://database.internal.One');
  });

  it('is the first of several in the same region', () => {
    const twice = [
      endpoint('database', 'public', 'One'),
      { ...endpoint('database', 'public', 'One'), url: 'http://second' },
    ];
    expect(findEndpoint(twice, query('public')).url).toBe('http://database.public.One');
  });

  const rows: readonly {
    what: string;
    catalogue: readonly Endpoint[];
    query: ReturnType<typeof query>;
    says: string;
  }[] = [
    {
      what: 'is not guessed among regions',
      catalogue: CATALOGUE,
      query: query('public'),
      says: 'more than one "database" endpoint',
    },
    {
      what: 'that is missing: the error tells what there is',
      catalogue: CATALOGUE,
      query: query('admin', 'One'),
      says: 'it has public in One, internal in One, public in Two; set the region',
    },
    {
      what: 'of a service that is missing: the error tells which there are',
      catalogue: [endpoint('network', 'public', 'One'), endpoint('identity', 'public', 'One')],
      query: query('public'),
      says: 'it has only identity, network',
    },
    { what: 'of an empty catalogue', catalogue: [], query: query('public'), says: 'it has nothing at all' },
  ];
  it.each(rows)('$what', (row) => {
    expect(() => findEndpoint(row.catalogue, row.query)).toThrow(row.says);
    expect(() => findEndpoint(row.catalogue, row.query)).toThrow(expect.objectContaining({ code: 'no-endpoint' }));
  });
});

describe("a project's URL of Trove", () => {
  it.each([
    ['http://t:8779/v1.0/p1', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0/p1/', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0/%(project_id)s', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0/%(tenant_id)s', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0/$(project_id)s', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0/$(tenant_id)s', 'http://t:8779/v1.0/p1'],
    ['http://t/$(project_id)s/db', 'http://t/p1/db'],
    ['http://t:8779', 'http://t:8779/v1.0/p1'],
    ['http://t:8779/v1.0', 'http://t:8779/v1.0/p1'],
    ['https://t/database/', 'https://t/database/v1.0/p1'],
    ['https://t/database/v1.0/', 'https://t/database/v1.0/p1'],
    ['https://p1.example.org', 'https://p1.example.org/v1.0/p1'],
  ])('from %s is %s', (url, expected) => {
    expect(databaseUrl(url, 'p1')).toBe(expected);
  });
});
