import { expect, it } from 'vitest';
import { order } from '../contract/stage.ts';
import { rowsOf } from '../contract/user.ts';
import { openWorld, settled } from './world.ts';

it('a POST that was given up while the bus was away still makes its backup, minutes later', async () => {
  const { clock, demo, region, instance } = await openWorld();
  region.control.busDown = true;
  const controller = new AbortController();
  const post = demo.request('POST', '/backups', {
    body: { backup: { name: 'late', instance } },
    signal: controller.signal,
  });
  const outcome = expect(post).rejects.toThrow('enough');
  await settled();
  controller.abort(new Error('enough'));
  await outcome;
  clock.advance(300_000);
  expect(region.backups()).toEqual([]);

  region.control.busDown = false;
  await settled();
  clock.advance(10_000);
  expect(region.backups()).toMatchObject([{ name: 'late', status: 'COMPLETED' }]);
  expect(region.backups()[0]?.createdUtc).toBe(clock.nowUtc() - 10_000);
});

it('a POST may hang with its row already written: it stays NEW, and blocks, until the bus is back', async () => {
  const { clock, demo, region, instance } = await openWorld();
  Object.assign(region.control, { busDown: true, rowBeforeHang: true });
  const post = demo.backup({ name: 'half-way', instance });
  await settled();
  clock.advance(60_000);
  expect(region.backups()).toMatchObject([{ name: 'half-way', status: 'NEW' }]);
  expect((await demo.backup({ name: 'another', instance })).status).toBe(422);
  region.control.busDown = false;
  expect((await post).status).toBe(202);
  clock.advance(10_000);
  expect(region.backups()).toMatchObject([{ name: 'half-way', status: 'COMPLETED' }]);
});

it('of two POSTs that hang for one instance the first is carried out and the second refused', async () => {
  const { demo, region, instance } = await openWorld();
  region.control.busDown = true;
  const posts = ['first', 'second'].map((name) => demo.backup({ name, instance }));
  await settled();
  region.control.busDown = false;
  expect((await Promise.all(posts)).map(({ status }) => status)).toEqual([202, 422]);
  expect(region.backups().map(({ name }) => name)).toEqual(['first']);
});

it('reading goes on while the bus is away', async () => {
  const { demo, region, instance } = await openWorld();
  region.control.busDown = true;
  expect((await demo.get(`/instances/${instance}`)).status).toBe(200);
  expect(rowsOf(await demo.get('/backups'), 'backups')).toEqual([]);
});

it('messages wait for the bus, and come in order', async () => {
  const { clock, demo, events, region } = await openWorld();
  await order(demo, { name: 'new' });
  region.control.busDown = true;
  clock.advance(5000);
  expect(events()).toEqual(['dbaas.instance_create.start']);
  region.control.busDown = false;
  expect(events()).toEqual(['dbaas.instance_create.start', 'trove.instance.create', 'dbaas.instance_create.end']);
});

it('who no longer listens hears nothing', async () => {
  const { demo, region, instance } = await openWorld();
  const heard: string[] = [];
  const stop = region.onNotification(({ routingKey }) => heard.push(routingKey));
  await demo.backup({ name: 'b', instance });
  stop();
  await demo.backup({ name: 'b', instance });
  expect(heard).toEqual(['notifications.info']);
});
