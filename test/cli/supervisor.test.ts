import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { createSupervisor } from '../../daemon/supervisor.ts';
import { listenAsSystemd } from './notify-socket.ts';
import { configIn, folder, startIn } from './process.ts';

test('systemd is told of the start, the reload and the stop, in order, and twice in the watchdog’s time that it lives', async () => {
  const dir = folder();
  const systemd = await listenAsSystemd(dir);
  const config = configIn(dir);
  const env = { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: '600000' };
  const daemon = startIn(env, 'serve', '--config', config);
  await systemd.until('READY=1');
  await systemd.until('WATCHDOG=1', 3);
  writeFileSync(config, readFileSync(config, 'utf8').replace('1h', '2h'));
  daemon.signal('SIGHUP');
  await systemd.until('READY=1', 2);
  daemon.signal('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
  expect(systemd.heard().filter((line) => line !== 'WATCHDOG=1')).toEqual([
    'READY=1',
    'RELOADING=1',
    expect.stringMatching(/^MONOTONIC_USEC=\d{6,}$/),
    'READY=1',
    'STOPPING=1',
  ]);
});

test('it is not told that it is ready when it could not start', async () => {
  const dir = folder();
  const systemd = await listenAsSystemd(dir);
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  const config = configIn(dir, { opsListen: `127.0.0.1:${port}` });
  const { code } = await startIn({ NOTIFY_SOCKET: systemd.path }, 'serve', '--config', config).ended;
  expect([code, systemd.heard()]).toEqual([78, []]);
  holder.close();
});

test('where systemd-notify is missing, it is said, and the daemon runs on', async () => {
  const dir = folder();
  const daemon = startIn({ NOTIFY_SOCKET: `${dir}/notify`, PATH: dir }, 'serve', '--config', configIn(dir));
  expect(await daemon.said('supervisor.deaf')).toMatchObject({ level: 'warn', err: { code: 'ENOENT' } });
  daemon.signal('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
});

test('without systemd nothing is started to tell it, and a watchdog of another process is not ours', async () => {
  const faults: unknown[] = [];
  const alone = createSupervisor({ WATCHDOG_USEC: '1000' }, (error) => faults.push(error));
  const notOurs = createSupervisor({ NOTIFY_SOCKET: '/none', WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }, (error) =>
    faults.push(error),
  );
  alone.ready();
  const rests = [alone.watch(), notOurs.watch()];
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const rest of rests) rest();
  await Promise.all([alone.told(), notOurs.told()]);
  expect(faults).toEqual([]);
});
