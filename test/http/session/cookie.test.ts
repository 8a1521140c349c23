import { expect, test } from 'vitest';
import { readCookie, writeCookie } from '../../../daemon/http/session/cookie.ts';

const ID = `${'a-_'.repeat(14)}b`;
const from = (protocol: 'http' | 'https', cookie?: string) => ({ protocol, headers: { ...(cookie && { cookie }) } });

test.each([
  ['https', '/', `__Host-trove-autobackup=${ID}; Path=/; HttpOnly; SameSite=Strict; Secure`],
  ['https', '/backups/', `__Secure-trove-autobackup=${ID}; Path=/backups/; HttpOnly; SameSite=Strict; Secure`],
  ['http', '/', `trove-autobackup=${ID}; Path=/; HttpOnly; SameSite=Strict`],
  ['http', '/backups/', `trove-autobackup=${ID}; Path=/backups/; HttpOnly; SameSite=Strict`],
] as const)('by %s at %s a browser gets %s, and brings it back', (protocol, basePath, cookie) => {
  expect(writeCookie(from(protocol), { basePath }, ID)).toBe(cookie);
  const [pair = ''] = cookie.split(';');
  expect(readCookie(from(protocol, `other=1; ${pair};last=2`), { basePath })).toBe(ID);
});

test('it is taken away by an end that has passed', () => {
  expect(writeCookie(from('https'), { basePath: '/' }, null)).toBe(
    '__Host-trove-autobackup=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure',
  );
});

test.each([
  ['none', undefined],
  ['one without the prefix, which any host of the domain may set', `trove-autobackup=${ID}`],
  ['one of another form', `__Host-trove-autobackup=${ID}x`],
  ['an empty one', '__Host-trove-autobackup='],
  ['one whose name ends like ours', `x__Host-trove-autobackup=${ID}`],
])('%s is no session', (_, cookie) => {
  expect(readCookie(from('https', cookie), { basePath: '/' })).toBeNull();
});
