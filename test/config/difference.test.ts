import { describe, expect, test } from 'vitest';
import { difference, keepHeld } from '../../daemon/config/difference.ts';
import { parseConfig } from '../../daemon/config/load.ts';
import { SAMPLE, sampleWith } from './sample.ts';

const read = (yaml: string) => parseConfig(yaml, 'config.yaml');
const before = read(SAMPLE);

test('a file that says the same differs in nothing, however it is written', () => {
  expect(difference(before, read(`# edited\n${SAMPLE}`))).toEqual({ changed: [], held: [] });
  expect(difference(before, read(sampleWith('policies.1.max_incrementals', undefined)))).toEqual({
    changed: [],
    held: [],
  });
});

describe('what changed is told by its keys, never by its values', () => {
  test.each([
    { path: 'mode', value: 'observe', changed: ['mode'] },
    { path: 'enrol_over', value: '1d', changed: ['enrol_over'] },
    { path: 'keystone.password', value: 'hunter2', changed: ['keystone.password'] },
    { path: 'keystone.region_name', value: undefined, changed: ['keystone.region_name'] },
    { path: 'limits.concurrent', value: 5, changed: ['limits.concurrent'] },
    { path: 'quota', value: { reserve: 2 }, changed: ['quota.reserve'] },
    { path: 'log.level', value: 'warn', changed: ['log.level'] },
    { path: 'reconcile.vanish', value: '10%', changed: ['reconcile.vanish'] },
    { path: 'reconcile.confirm_gone', value: ['left@Default'], changed: ['reconcile.confirm_gone'] },
    { path: 'exclude.names', value: ['tmp-*', 'old-*'], changed: ['exclude.names'] },
    { path: 'policies.0.every', value: '12h', changed: ['policies.frequent'] },
    { path: 'policies.0.name', value: 'often', changed: ['policies', 'policies.frequent', 'policies.often'] },
  ])('$path', ({ path, value, changed }) => {
    expect(difference(before, read(sampleWith(path, value)))).toEqual({ changed, held: [] });
  });

  test('the order of policies, since the first that selects an instance applies', () => {
    const { policies } = before;
    expect(difference(before, { ...before, policies: policies.toReversed() }).changed).toEqual(['policies']);
  });
});

describe('what is held open is told apart, and stays as it was', () => {
  test.each([
    { path: 'store.path', value: '/elsewhere.sqlite', held: ['store.path'] },
    { path: 'http.ops_listen', value: '127.0.0.1:9000', held: ['http.ops_listen.port'] },
    { path: 'bus.queue', value: 'other', held: ['bus.queue'] },
  ])('$path', ({ path, value, held }) => {
    const after = read(sampleWith(path, value));
    expect(difference(before, after)).toEqual({ changed: [], held });
    expect(difference(before, keepHeld(before, after))).toEqual({ changed: [], held: [] });
  });

  test('the bus that is taken out, or whose password changed', () => {
    expect(difference(before, read(sampleWith('bus', null))).held).toContain('bus');
    const { held, changed } = difference(before, read(SAMPLE.replace(':secret@', ':hunter2@')));
    expect([held.length, held[0]?.startsWith('bus.'), changed]).toEqual([1, true, []]);
  });
});
