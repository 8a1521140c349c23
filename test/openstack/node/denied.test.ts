import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readCloud } from '../../../lib/openstack/node/index.ts';
import { type Home, makeHome } from './home.ts';

/** Tests may run as root, whom no file denies anything. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readFileSync = (path: string, ...rest: readonly unknown[]) => {
    if (path.includes('denied')) throw Object.assign(new Error('denied'), { code: 'EACCES' });
    return Reflect.apply(fs.readFileSync, fs, [path, ...rest]) as unknown;
  };
  return { ...fs, readFileSync };
});

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const CLOUDS = 'clouds:\n  mine: { auth: { auth_url: "https://k.example", username: u, password: p } }\n';

it('a file of another user is passed over for the next one, unless it is the one that was named', () => {
  const denied = home.write('denied/openstack/clouds.yaml', CLOUDS.replace('mine', 'theirs'));
  home.write('.config/openstack/clouds.yaml', CLOUDS);
  const env = { ...home.env, XDG_CONFIG_HOME: `${home.dir}/denied` };
  expect(readCloud({ env }).name).toBe('mine');
  expect(() => readCloud({ env: { ...env, OS_CLIENT_CONFIG_FILE: denied } })).toThrow(
    `${denied} cannot be read (EACCES); correct the path or its rights`,
  );
});
