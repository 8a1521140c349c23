import { expect, test } from 'vitest';
import { toProject } from '../../contract/user.ts';
import { DAY } from '../../core/builders.ts';
import { lab, tokenFor } from './authenticator-lab.ts';

test('a role that is taken away is gone when the minute is over', async () => {
  const { region, clock, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  const { userId, projectId } = (await ask(token)).body as unknown as { userId: string; projectId: string };
  region.revoke(userId, 'member', projectId);
  expect((await ask(token)).status).toBe(200);
  clock.ms += 61_000;
  expect((await ask(token)).status).toBe(401);
});

test('an expired token is let in no more, within its minute and after', async () => {
  const { region, clock, ask } = lab();
  const token = await tokenFor(region, 'demo', toProject('demo'));
  expect((await ask(token)).status).toBe(200);
  clock.ms += DAY;
  expect((await ask(token)).status).toBe(401);
});

test('an address may guess so often, then Keystone is asked no more; known tokens cost nothing', async () => {
  const { region, asked, ask } = lab({}, 3);
  const [one, two] = [
    await tokenFor(region, 'demo', toProject('demo')),
    await tokenFor(region, 'alt', toProject('alt')),
  ];
  for (let n = 0; n < 10; n++) expect((await ask(one)).status).toBe(200);
  const statuses = [];
  for (let n = 0; n < 6; n++) statuses.push((await ask(`gAAAAABguess${n}`)).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  expect(asked()).toBe(4);
  expect((await ask(one)).status).toBe(200);
  const late = await ask(two);
  expect([late.status, late.title, Number(late.headers['retry-after'])]).toEqual([429, 'too-many-requests', 20]);
});
