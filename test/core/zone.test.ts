import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../lib/core/index.ts';
import { checkZone, zoneOf } from '../../lib/core/zone.ts';
import { at, iso, MINUTE } from './builders.ts';

describe('a local time that clocks skip moves to the first instant after the gap', () => {
  test.each([
    { zone: 'Europe/Berlin', local: '2026-03-29 02:00', expected: '2026-03-29 01:00' },
    { zone: 'Europe/Berlin', local: '2026-03-29 02:30', expected: '2026-03-29 01:00' },
    { zone: 'Europe/Berlin', local: '2026-03-29 02:59:59', expected: '2026-03-29 01:00' },
    { zone: 'America/New_York', local: '2026-03-08 02:30', expected: '2026-03-08 07:00' },
    { zone: 'Australia/Lord_Howe', local: '2026-10-04 02:15', expected: '2026-10-03 15:30' },
    { zone: 'Africa/Casablanca', local: '2026-03-22 02:30', expected: '2026-03-22 02:00' },
    { zone: 'America/Santiago', local: '2026-09-06 00:00', expected: '2026-09-06 04:00' },
    { zone: 'Pacific/Apia', local: '2011-12-30 12:00', expected: '2011-12-30 10:00' },
    { zone: 'Pacific/Kwajalein', local: '1993-08-21 12:00', expected: '1993-08-21 12:00' },
  ])('$zone $local', ({ zone, local, expected }) => {
    expect(iso(zoneOf(zone).fromLocal(at(local)))).toBe(iso(at(expected)));
  });
});

describe('a local time that clocks show twice is the first of the two', () => {
  test.each([
    { zone: 'Europe/Berlin', local: '2026-10-25 02:30', expected: '2026-10-25 00:30' },
    { zone: 'America/New_York', local: '2026-11-01 01:30', expected: '2026-11-01 05:30' },
    { zone: 'Australia/Lord_Howe', local: '2026-04-05 01:45', expected: '2026-04-04 14:45' },
    { zone: 'Africa/Casablanca', local: '2026-02-15 02:30', expected: '2026-02-15 01:30' },
  ])('$zone $local', ({ zone, local, expected }) => {
    expect(iso(zoneOf(zone).fromLocal(at(local)))).toBe(iso(at(expected)));
  });
});

describe('clocks of old, whose offset had seconds', () => {
  // Monrovia went from 44 min 30 s behind to UTC on 7 January 1972.
  test.each([
    { local: '1971-06-01 12:00', expected: '1971-06-01 12:44:30' },
    { local: '1972-01-06 23:59:59', expected: '1972-01-07 00:44:29' },
    { local: '1972-01-07 00:00', expected: '1972-01-07 00:44:30' },
    { local: '1972-01-07 00:44:29', expected: '1972-01-07 00:44:30' },
    { local: '1972-01-07 00:44:30', expected: '1972-01-07 00:44:30' },
    { local: '1972-01-07 00:44:31', expected: '1972-01-07 00:44:31' },
  ])('$local', ({ local, expected }) => {
    expect(iso(zoneOf('Africa/Monrovia').fromLocal(at(local)))).toBe(iso(at(expected)));
  });
});

test('what is no time is refused', () => {
  const zone = zoneOf('UTC');
  expect(() => zone.offsetAt(Number.NaN)).toThrow('NaN is no instant; give epoch milliseconds');
  expect(() => zone.lastLocal(Number.NaN)).toThrow(InvalidInput);
  expect(() => zone.fromLocal(Number.NaN)).toThrow(
    'NaN is no local time; give milliseconds, written as if they were UTC',
  );
});

describe('a local time that clocks show once is that instant', () => {
  test.each([
    { zone: 'UTC', local: '2026-11-22 22:00', expected: '2026-11-22 22:00' },
    { zone: 'Asia/Ho_Chi_Minh', local: '2026-11-22 22:00', expected: '2026-11-22 15:00' },
    { zone: 'Asia/Kathmandu', local: '2026-11-22 22:00', expected: '2026-11-22 16:15' },
    { zone: 'Europe/Berlin', local: '2026-03-29 01:59:59', expected: '2026-03-29 00:59:59' },
    { zone: 'Europe/Berlin', local: '2026-03-29 03:00', expected: '2026-03-29 01:00' },
    { zone: 'Europe/Berlin', local: '2026-10-25 01:59:59', expected: '2026-10-24 23:59:59' },
    { zone: 'Europe/Berlin', local: '2026-10-25 03:00', expected: '2026-10-25 02:00' },
    { zone: 'Africa/Casablanca', local: '2026-03-01 12:00', expected: '2026-03-01 12:00' },
    { zone: 'Pacific/Kiritimati', local: '2027-01-01 00:00', expected: '2026-12-31 10:00' },
    { zone: 'America/Los_Angeles', local: '2026-12-31 23:00', expected: '2027-01-01 07:00' },
    { zone: 'Pacific/Apia', local: '2011-12-31 00:00', expected: '2011-12-30 10:00' },
  ])('$zone $local', ({ zone, local, expected }) => {
    expect(iso(zoneOf(zone).fromLocal(at(local)))).toBe(iso(at(expected)));
  });
});

test.each([
  { zone: 'Europe/Berlin', utc: '2026-03-29 00:59:59', minutes: 60 },
  { zone: 'Europe/Berlin', utc: '2026-03-29 01:00', minutes: 120 },
  { zone: 'Australia/Lord_Howe', utc: '2026-07-01 00:00', minutes: 630 },
  { zone: 'Australia/Lord_Howe', utc: '2026-12-01 00:00', minutes: 660 },
  { zone: 'America/New_York', utc: '2027-01-01 00:00', minutes: -300 },
])('at $utc clocks in $zone are $minutes minutes ahead of UTC', ({ zone, utc, minutes }) => {
  expect(zoneOf(zone).offsetAt(at(utc))).toBe(minutes * MINUTE);
});

test.each(['Europe/Atlantis', '', 'Berlin', '22:00'])('"%s" is refused with an example of a zone', (name) => {
  expect(() => checkZone(name)).toThrow(InvalidInput);
  expect(() => checkZone(name)).toThrow(`"${name}" is no time zone; give an IANA name such as Asia/Ho_Chi_Minh`);
});

test('a zone that exists is given back as it is', () => {
  expect(checkZone('Asia/Ho_Chi_Minh')).toBe('Asia/Ho_Chi_Minh');
});
