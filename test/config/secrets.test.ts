import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../daemon/config/load.ts';
import { Secret } from '../../daemon/config/secret.ts';
import { refusalOf, SAMPLE, sampleWith } from './sample.ts';

const PASSWORD = 'tr0ub4dor';
const SECRET_SAMPLE = SAMPLE.replace('password: secret', `password: ${PASSWORD}`).replace(':secret@', `:${PASSWORD}@`);

describe('no way of printing the configuration shows a secret', () => {
  const config = parseConfig(SECRET_SAMPLE, 'config.yaml');
  test.each<{ way: string; print: (value: unknown) => string }>([
    { way: 'inspect', print: (value) => inspect(value, { depth: 9, showHidden: true }) },
    { way: 'inspect without custom functions', print: (value) => inspect(value, { depth: 9, customInspect: false }) },
    { way: 'JSON', print: (value) => JSON.stringify(value) },
    { way: 'entries', print: (value) => JSON.stringify(Object.entries(value as object).flat(3)) },
    { way: 'an error', print: (value) => inspect(new Error('x', { cause: value }), { depth: 9 }) },
  ])('$way', ({ print }) => {
    expect(print(config)).toContain('autobackup');
    expect(print(config)).not.toContain(PASSWORD);
  });

  test.each<{ way: string; print: (value: Secret) => string }>([
    { way: 'a template', print: (value) => `${value}` },
    { way: 'String', print: String },
    { way: 'JSON', print: (value) => JSON.parse(JSON.stringify(value)) as string },
    { way: 'inspect', print: (value) => inspect(value) },
  ])('by itself in $way it is masked', ({ print }) => {
    expect(print(new Secret(PASSWORD))).toBe('***');
  });

  test('it is given out where it is asked for', () => {
    expect(config.keystone.password.reveal()).toBe(PASSWORD);
  });
});

describe('no refusal shows a secret', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    { says: 'a broker of the wrong kind', yaml: sampleWith('bus.url', `http://autobackup:${PASSWORD}@rabbit/`) },
    { says: 'the second of two brokers', yaml: sampleWith('bus', { urls: ['amqp://r/', `amqp://a:${PASSWORD}%@r/`] }) },
    { says: 'a broker that is no URL', yaml: sampleWith('bus.url', PASSWORD) },
    { says: 'a password that is a list', yaml: sampleWith('keystone.password', [PASSWORD]) },
    { says: 'a quote that is not closed', yaml: `keystone: { password: "${PASSWORD} }` },
    { says: 'a bracket that is not closed', yaml: `keystone: { password: [${PASSWORD}` },
    { says: 'a word after a quote', yaml: `keystone:\n  password: "x" ${PASSWORD}` },
    { says: 'a password that begins with @', yaml: `keystone:\n  password: @${PASSWORD}` },
    { says: 'a password that begins with %', yaml: `keystone:\n  password: %${PASSWORD}` },
    { says: 'a password that begins with *', yaml: `keystone:\n  password: *${PASSWORD}` },
    { says: 'a password that begins with !', yaml: `keystone:\n  password: !${PASSWORD}` },
    { says: 'a password that begins with |', yaml: `keystone:\n  password: |${PASSWORD}` },
  ])('$says', ({ yaml }) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const refusal = refusalOf(yaml);
    expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
    expect(refusal.message.length).toBeGreaterThan(20);
    expect(warned).not.toHaveBeenCalled();
  });
});
