import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../daemon/config/load.ts';
import { configWith, refusalOf, SAMPLE, sampleWith } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'autobackup-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A file with this in it; its path. */
function file(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}
const withFile = (path: string): string =>
  sampleWith('keystone.password', undefined).replace('keystone:', `keystone:\n  password_file: ${path}`);
const said = (yaml: string): string => refusalOf(yaml).message.split('\n')[1]?.trim() ?? '';

describe('a password is read', () => {
  test.each([
    { how: 'as it is written', written: 'pa$$word$', is: 'pa$$word$' },
    { how: 'from the environment', written: `\${OS_PASSWORD}`, is: 'hunter2' },
    { how: 'from pieces', written: `a-\${OS_PASSWORD}-\${B_2}`, is: 'a-hunter2-x' },
    { how: `with a "\${" of its own`, written: `a$\${OS_PASSWORD}`, is: `a\${OS_PASSWORD}` },
  ])('$how: $written', ({ written, is }) => {
    vi.stubEnv('OS_PASSWORD', 'hunter2');
    vi.stubEnv('B_2', 'x');
    expect(configWith('keystone.password', written).keystone.password.reveal()).toBe(is);
  });

  test.each([
    { how: 'one line', content: 'hunter2\n', is: 'hunter2' },
    { how: 'no line break at all', content: 'hunter2', is: 'hunter2' },
    { how: 'a line as Windows ends it', content: 'hunter2\r\n', is: 'hunter2' },
    { how: 'blanks, which belong to it', content: ' hunter2 \n', is: ' hunter2 ' },
    { how: `a "\${", which is its own: only paths are looked into`, content: `a\${B}\n`, is: `a\${B}` },
  ])('from a file with $how', ({ content, is }) => {
    const { config } = loadConfig(file('config.yaml', withFile(file('password', content))));
    expect(config.keystone.password.reveal()).toBe(is);
    expect(config.keystone).not.toHaveProperty('password_file');
  });

  test('from where systemd puts its credentials', () => {
    vi.stubEnv('CREDENTIALS_DIRECTORY', folder);
    file('keystone', 'hunter2\n');
    file('rabbit', 'amqp://u:p@rabbit/\n');
    const yaml = withFile(`\${CREDENTIALS_DIRECTORY}/keystone`).replace(
      / url: .*/,
      ` url_file: \${CREDENTIALS_DIRECTORY}/rabbit`,
    );
    const { config } = loadConfig(file('config.yaml', yaml));
    expect([config.keystone.password.reveal(), config.bus?.urls[0]?.reveal()]).toEqual([
      'hunter2',
      'amqp://u:p@rabbit/',
    ]);
  });
});

describe('a secret is refused', () => {
  test.each([
    {
      what: 'a variable that is not set',
      written: `\${NOT_SET}`,
      says: 'keystone.password: names the environment variable NOT_SET, which is not set or empty; set it',
    },
    {
      what: 'what may be a piece of a password, unshown',
      written: `x\${hunter2}`,
      says: `keystone.password: has a "\${" that names no environment variable; write \${NAME} in capitals, or $\${ for the text`,
    },
    {
      what: 'a reference that does not end',
      written: `x\${HUNTER2`,
      says: `keystone.password: has a "\${" that names no environment variable; write \${NAME} in capitals, or $\${ for the text`,
    },
  ])('that names $what', ({ written, says }) => {
    expect(said(sampleWith('keystone.password', written))).toBe(says);
  });

  const nowhere = join(folder, 'nowhere');
  test.each([
    {
      what: 'that is not there',
      path: nowhere,
      says: `${nowhere} cannot be read (ENOENT); check the path, and that the daemon's user may read it`,
    },
    {
      what: 'that is a folder',
      path: folder,
      says: `${folder} cannot be read (EISDIR); check the path, and that the daemon's user may read it`,
    },
    {
      what: 'that is empty',
      path: file('empty', '\n'),
      says: `${join(folder, 'empty')} is empty; write the secret into it`,
    },
    {
      what: 'that is of another kind',
      path: file('several', 'user: hunter2\npassword: hunter2\n'),
      says: `${join(folder, 'several')} has several lines; it must hold the secret alone`,
    },
    {
      what: 'under a variable that is not set',
      path: `\${NOT_SET}/password`,
      says: 'names the environment variable NOT_SET, which is not set or empty; set it',
    },
  ])('for a file $what', ({ path, says }) => {
    expect(said(withFile(path))).toBe(`keystone.password_file: ${says}`);
  });

  test('for being given twice', () => {
    const both = SAMPLE.replace('password: secret', `password: secret, password_file: ${file('password', 'hunter2')}`);
    expect(said(both)).toBe('keystone.password_file: goes in the place of password; give one of the two');
  });

  test('for being no broker’s url, which the refusal does not show', () => {
    const yaml = sampleWith('bus.url', undefined).replace('bus:', `bus:\n  url_file: ${file('rabbit', 'hunter2\n')}`);
    expect(said(yaml)).toBe('bus.url_file: no URL to work with; write it as amqp://user:password@rabbit.example:5672/');
    vi.stubEnv('RABBIT', 'http://u:hunter2@rabbit');
    expect(said(sampleWith('bus.url', `\${RABBIT}`))).not.toContain('hunter2');
  });
});

describe('files with a secret that any user may read are named', () => {
  const secret = (mode: number): string => file(`secret-${mode}`, 'hunter2\n', mode);
  test.each([
    { what: 'the configuration, where a secret stands in it', yaml: () => SAMPLE, mode: 0o644, names: ['config.yaml'] },
    { what: 'not one that the group alone may read', yaml: () => SAMPLE, mode: 0o640, names: [] },
    {
      what: 'the file of a secret',
      yaml: () => withFile(secret(0o644)),
      mode: 0o600,
      names: ['secret-420'],
    },
    {
      what: 'not a configuration without a secret',
      yaml: () => withFile(secret(0o400)).replace(/ url: .*/, ` url: \${RABBIT}`),
      mode: 0o644,
      names: [],
    },
  ])('$what', ({ yaml, mode, names }) => {
    vi.stubEnv('RABBIT', 'amqp://u:p@rabbit/');
    const { exposed } = loadConfig(file('config.yaml', yaml(), mode));
    expect(exposed).toEqual(names.map((name) => join(folder, name)));
  });
});
