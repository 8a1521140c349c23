import { expect, test } from 'vitest';
import { refuseForgery, refuseOtherPages } from '../../../daemon/http/session/forgery.ts';

const HOST = 'backup.test:8443';
const CSRF = 'c'.repeat(43);
const from = (headers: Record<string, string>, method = 'POST') => ({ method, headers, host: HOST });
const SAME = { 'sec-fetch-site': 'same-origin' };

test.each([
  ['the page itself, as its browser says', SAME],
  ['the page itself, by a browser that tells its origin alone', { origin: `https://${HOST}` }],
  ['a program, which tells neither', {}],
])('%s may ask', (_, headers) => {
  expect(() => refuseOtherPages(from(headers))).not.toThrow();
});

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site', origin: `https://${HOST}` }],
  ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ['an address that was typed', { 'sec-fetch-site': 'none' }],
  ['another origin', { origin: 'https://evil.test' }],
  ['another port', { origin: 'https://backup.test:1' }],
  ['a page without an origin', { origin: 'null' }],
])('%s may not', (_, headers) => {
  const refused = { status: 403, title: 'cross-origin' };
  expect(() => refuseOtherPages(from(headers))).toThrow(expect.objectContaining(refused));
  expect(() => refuseForgery(from({ ...headers, 'x-csrf-token': CSRF }), CSRF)).toThrow(
    expect.objectContaining(refused),
  );
});

test.each(['GET', 'HEAD'])('%s changes nothing, and is let through', (method) => {
  expect(() => refuseForgery(from({ 'sec-fetch-site': 'cross-site' }, method), CSRF)).not.toThrow();
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s needs the token of the session', (method) => {
  expect(() => refuseForgery(from({ ...SAME, 'x-csrf-token': CSRF }, method), CSRF)).not.toThrow();
  for (const given of [
    {},
    { 'x-csrf-token': '' },
    { 'x-csrf-token': `${CSRF}c` },
    { 'x-csrf-token': 'd'.repeat(43) },
  ]) {
    expect(() => refuseForgery(from({ ...SAME, ...given }, method), CSRF)).toThrow(
      expect.objectContaining({ status: 403, title: 'csrf' }),
    );
  }
});
