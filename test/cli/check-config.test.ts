import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describe as inWords } from '../../daemon/config/describe.ts';
import { parseConfig } from '../../daemon/config/load.ts';
import { at } from '../core/builders.ts';
import { configIn, folder, start } from './process.ts';

const SAMPLE = readFileSync(join(import.meta.dirname, '../../packaging/examples/config.yaml'), 'utf8');

test('the sample in words, with the next slots of each policy in its own zone', () => {
  const text = inWords(parseConfig(SAMPLE, 'config.yaml'), at('2026-12-23 12:00'));
  const incrementals = 'with at most 6 incrementals in between';
  const then = '  a new instance within 15m; then for example, each instance having its own times,';
  expect(text.split('\n').slice(0, 14)).toEqual([
    'mode: observe, no backup is made or deleted',
    'excluded: projects scratch@Default; names tmp-*',
    'frequent: for datastores mysql; names prod-*',
    `  backed up every 6h, around the clock; full every 7d, ${incrementals}`,
    then,
    '    Wed 2026-12-23 14:33 UTC',
    '    Wed 2026-12-23 20:33 UTC',
    '    Thu 2026-12-24 02:33 UTC, but frozen: year-end closing',
    'shop: for projects shop@Default',
    `  backed up at the times of cron "30 2,14 * * mon-fri", Europe/Berlin, up to 30m later; full every 7d and on sat, ${incrementals}`,
    then,
    '    Wed 2026-12-23 14:57 Europe/Berlin',
    '    Thu 2026-12-24 02:57 Europe/Berlin, but frozen: year-end closing',
    '    Thu 2026-12-24 14:57 Europe/Berlin, but frozen: year-end closing',
  ]);
  expect(text).toContain(
    '  backed up at the times of FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=20, Asia/Ho_Chi_Minh',
  );
  expect(text).toContain(
    '  its users may choose the window, the zone, the interval from 6h on, what is kept from 3d on, to opt out, a pause of up to 7d\n',
  );
  expect(text).toContain(
    'daily: for every instance that no policy before it takes\n  backed up once a day, between 22:00',
  );
  expect(text).not.toContain('change-me');
});

test.each([
  ['every: week', 'once a week, between 22:00 and 06:00, UTC'],
  ['every: 2h, window: "22:00-06:00", zone: Asia/Tokyo', 'every 2h, between 22:00 and 06:00, Asia/Tokyo'],
  ['every: day, max_incrementals: 0', 'each of them full'],
  ['every: day, full_on: spread', 'full every 7d and on a weekday of its own, with at most 6'],
  ['every: day, catch_up: late', 'is made up for outside of it as soon as the instance is late'],
  ['every: day, tenant_may: { window: false, zone: false }', 'its users may choose nothing'],
  ['every: week, catch_up: now', 'is made up for outside of it at once'],
  ['cron: "@daily", spread: 0s', 'at the times of cron "@daily", UTC;'],
])('%s is told as "%s"', (policy, words) => {
  const yaml = SAMPLE.replace(/policies:[\s\S]*$/, `policies: [{ name: one, ${policy} }]\n`);
  expect(inWords(parseConfig(yaml, 'config.yaml'), at('2026-12-23 12:00'))).toContain(words);
});

test('a configuration that can be used: exit 0, and nobody is asked', async () => {
  const dir = folder();
  const path = configIn(dir);
  chmodSync(path, 0o604);
  const { code, out, err } = await start('check-config', '--config', path).ended;
  expect(code).toBe(0);
  expect(out).toMatch(
    /^\S+config\.yaml can be used\nmode: enforce\noften: for every instance .*\n {2}backed up every 1h/,
  );
  expect(err).toBe(`any user may read ${path}; run: chmod o-r ${path}\n`);
});

test('each thing that is wrong, the file of a secret too, on a line of its own: exit 78', async () => {
  const path = configIn(folder());
  const text = readFileSync(path, 'utf8')
    .replace('password: autobackup', 'password_file: /nowhere/password')
    .replace('bus: null', 'bus: { url: "http://hunter2" }')
    .replace('every: 1h', 'every: never');
  writeFileSync(path, text);
  const { code, out, err } = await start('check-config', '--config', path).ended;
  expect([code, out]).toEqual([78, '']);
  expect(err).toMatch(/keystone\.password_file: \/nowhere\/password cannot be read \(ENOENT\); check the path/);
  expect(err).toMatch(/bus\.url: /);
  expect(err).toMatch(/policies\.0\.every: "never" is no interval/);
  expect(err).not.toContain('hunter2');
});
