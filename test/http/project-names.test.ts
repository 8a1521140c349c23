import { expect, test } from 'vitest';
import { createProjectNames } from '../../daemon/http/project-names.ts';
import { buildProjects } from '../../daemon/wiring/identity.ts';
import { createRegion } from '../../lib/simulator/index.ts';
import { serviceLogin } from './auth/service-login.ts';

const MINUTE = 60_000;

function lab() {
  const clock = { ms: 0, monotonicMs: () => clock.ms };
  const told: string[] = [];
  const tell = (event: string): void => void told.push(event);
  const asked: PromiseWithResolvers<readonly { id: string; name: string }[]>[] = [];
  const port = {
    all() {
      const answer = Promise.withResolvers<readonly { id: string; name: string }[]>();
      asked.push(answer);
      return answer.promise;
    },
  };
  return { clock, told, asked, names: createProjectNames(port, clock, { info: tell, warn: tell, error: tell }) };
}

test('Keystone is asked once for all who ask, and anew after ten minutes, for which nobody waits', async () => {
  const { clock, asked, names } = lab();
  const both = Promise.all([names(), names()]);
  asked[0]?.resolve([{ id: 'p1', name: 'shop' }]);
  expect(await both).toEqual([new Map([['p1', 'shop']]), new Map([['p1', 'shop']])]);
  clock.ms = 10 * MINUTE - 1;
  await names();
  expect(asked).toHaveLength(1);
  clock.ms = 10 * MINUTE;
  expect((await names()).get('p1')).toBe('shop');
  expect(asked).toHaveLength(2);
  asked[1]?.resolve([{ id: 'p1', name: 'store' }]);
  await asked[1]?.promise;
  await expect.poll(async () => (await names()).get('p1')).toBe('store');
});

test('while Keystone cannot say them there are those that were known, or none, and it is asked again after a minute', async () => {
  const { clock, asked, told, names } = lab();
  const first = names();
  asked[0]?.reject(new Error('503'));
  expect(await first).toEqual(new Map());
  clock.ms = MINUTE - 1;
  expect(await names()).toEqual(new Map());
  expect([asked.length, told]).toEqual([1, ['http.names_unknown']]);
  clock.ms = MINUTE;
  const second = names();
  asked[1]?.resolve([{ id: 'p1', name: 'shop' }]);
  expect((await second).size).toBe(0);
  await expect.poll(async () => (await names()).get('p1')).toBe('shop');
  clock.ms = 12 * MINUTE;
  await names();
  asked[2]?.reject(new Error('503'));
  await expect.poll(() => told).toHaveLength(2);
  expect((await names()).get('p1')).toBe('shop');
});

test('the service asks Keystone as itself', async () => {
  const region = createRegion();
  region.seedStandardIdentities();
  const projects = buildProjects(serviceLogin(region.authUrl), { fetch: region.fetch as typeof fetch });
  expect((await projects.all()).map(({ name }) => name)).toEqual(expect.arrayContaining(['demo', 'service']));
});
