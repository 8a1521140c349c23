import { describe, expect, test } from 'vitest';
import { ask, clock, keystone, logged } from './session-lab.ts';

describe('guessing', () => {
  const guess = (user = 'anna', ip = '192.0.2.1', password = 'no') =>
    ask('POST', '/v1/session', { body: { user, password }, ip });

  test('has five tries a minute for a user and an address, and Keystone hears of no more', async () => {
    for (let n = 0; n < 5; n++) expect((await guess()).status).toBe(401);
    const refused = await guess('anna', '192.0.2.1', 'anna');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(keystone.asked).toBe(5);
    clock.pass(Number(refused.headers['retry-after']) * 1_000);
    expect((await guess('anna', '192.0.2.1', 'anna')).status).toBe(200);
  });

  test('locks nobody out who is at another address, nor others at the same', async () => {
    for (let n = 0; n < 9; n++) await guess();
    expect((await guess('anna', '192.0.2.2', 'anna')).status).toBe(200);
    expect((await guess('binh', '192.0.2.1', 'binh')).status).toBe(200);
  });

  test('another spelling of the same name gives no more', async () => {
    for (const user of ['anna', 'ANNA', 'ánna', ' anna ', 'Ännä']) await guess(user);
    expect((await guess('ANNÁ')).status).toBe(429);
  });

  test('all at once is no way around it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess()));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('at many users from one address is bounded as well', async () => {
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => guess(`user-${n}`)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(60);
  });

  test('is told to the operator, without what was typed', async () => {
    await guess();
    await guess('anna', '192.0.2.1', 'anna');
    expect(logged).toEqual([
      ['session.refused', { address: '192.0.2.1' }],
      ['session.opened', { user: 'anna', project: 'shop', address: '192.0.2.1' }],
    ]);
  });

  test('while Keystone is away counts for nothing', async () => {
    keystone.away = true;
    for (let n = 0; n < 9; n++) expect((await guess()).status).toBe(503);
    keystone.away = false;
    expect((await guess()).status).toBe(401);
  });

  test('that ends in the right password begins anew', async () => {
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) expect((await guess()).status).toBe(401);
      expect((await guess('anna', '192.0.2.1', 'anna')).status).toBe(200);
    }
  });
});
