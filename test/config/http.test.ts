import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { difference, keepHeld } from '../../daemon/config/difference.ts';
import { RULES } from '../../daemon/http/api/rules.ts';
import { configWith, refusalOf, sampleWith } from './sample.ts';

const home = mkdtempSync(join(tmpdir(), 'autobackup-rules-'));
afterAll(() => rmSync(home, { recursive: true }));

let files = 0;
function policyFile(text: string): string {
  const path = join(home, `policy-${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}
const withPolicy = (text: string) => configWith('http.policy_file', policyFile(text)).http.rules;
const refusal = (text: string): string => {
  const path = policyFile(text);
  return refusalOf(sampleWith('http.policy_file', path)).message.replaceAll(path, 'policy.yaml');
};

test('left out, there is no web service, and the rest has its defaults', () => {
  expect(configWith('http', undefined).http).toEqual({
    listen: null,
    ops_listen: { host: '127.0.0.1', port: 8781 },
    admin_roles: ['admin'],
    admin_projects: ['service', 'admin'],
    base_path: '/',
    trusted_proxies: [],
    cors_origins: [],
    connections: 1_000,
    rates: { project_per_minute: 600, project_at_once: 50, guesses_per_minute: 30 },
    rules: RULES,
  });
});

test('it listens where it is told', () => {
  expect(configWith('http.listen', '[::]:8780').http.listen).toEqual({ host: '::', port: 8780 });
  expect(configWith('http.listen', null).http.listen).toBeNull();
});

test('a policy file takes the place of the rules it names, and of no other', () => {
  const rules = withPolicy(
    '# ours\nbackup:delete: [admin]\nrun:create: [member, backup-operator]\nbackup:restore: []\n',
  );
  expect(rules).toEqual({
    ...RULES,
    'backup:delete': ['admin'],
    'run:create': ['member', 'backup-operator'],
    'backup:restore': [],
  });
});

test('an empty policy file changes nothing', () => {
  expect(withPolicy('# nothing yet\n')).toEqual(RULES);
});

test.each([
  { text: 'backup:delet: [admin]', says: 'unknown rule "backup:delet"; did you mean backup:delete?' },
  { text: 'frobnicate: [admin]', says: 'unknown rule "frobnicate"; there are instance:read, schedule:read, ' },
  { text: 'backup:delete: admin', says: 'backup:delete must be a list of roles such as [member, admin]' },
  { text: 'backup:delete: [7]', says: 'backup:delete must be a list of roles' },
  { text: 'backup:delete: [""]', says: 'backup:delete must be a list of roles' },
  { text: 'public: [member]', says: 'unknown rule "public"' },
  { text: '- backup:delete', says: 'holds no rules; write each as a line such as backup:delete: [admin]' },
  { text: 'backup:delete: [admin', says: 'is not YAML (BAD_INDENT at line 1' },
  { text: 'backup:delete: *nobody', says: 'cannot be read (no alias of that name)' },
])('$text is refused: $says', ({ text, says }) => {
  expect(refusal(text)).toContain(`http.policy_file: policy.yaml: ${says}`);
});

test('every fault of the file is told at once', () => {
  expect(refusal('backup:delet: [admin]\nrun:creat: [admin]').match(/did you mean/g)).toHaveLength(2);
});

test('a file that is not there is told with its path', () => {
  const { message } = refusalOf(sampleWith('http.policy_file', '/nowhere/policy.yaml'));
  expect(message).toContain('http.policy_file: /nowhere/policy.yaml: cannot be read (ENOENT); check the path');
});

test.each([
  { path: 'http.trusted_proxies', value: ['192.0.2.7', '10.0.0.0/8', '2001:db8::/32', '::1'] },
  { path: 'http.cors_origins', value: ['https://portal.example', 'http://localhost:5173'] },
])('$path may be $value', ({ path, value }) => {
  expect(configWith(path, value)).toMatchObject({ http: { [path.slice('http.'.length)]: value } });
});

test.each([
  {
    path: 'http.trusted_proxies',
    value: 'proxy.example',
    says: 'is no address or network; write it as 192.0.2.7, 10.0.0.0/8',
  },
  { path: 'http.trusted_proxies', value: '10.0.0.0/33', says: 'is no address or network' },
  { path: 'http.trusted_proxies', value: '10.0.0.0/8/8', says: 'is no address or network' },
  { path: 'http.trusted_proxies', value: 'true', says: 'is no address or network' },
  { path: 'http.cors_origins', value: '*', says: 'is no origin; write it as https://portal.example' },
  { path: 'http.cors_origins', value: 'https://portal.example/', says: 'is no origin' },
  { path: 'http.cors_origins', value: 'https://portal.example:443', says: 'is no origin' },
  { path: 'http.cors_origins', value: 'null', says: 'is no origin' },
])('$path: $value is refused', ({ path, value, says }) => {
  expect(refusalOf(sampleWith(path, [value])).message).toContain(`${path}.0: ${says}`);
});

const before = configWith('http.listen', '127.0.0.1:8780');

test.each([
  { path: 'http.admin_roles', value: ['cloud_admin'], changed: ['http.admin_roles'] },
  { path: 'http.rates', value: { project_per_minute: 10 }, changed: ['http.rates.project_per_minute'] },
  { path: 'http.policy_file', value: policyFile('backup:delete: []'), changed: ['http.rules.backup:delete'] },
])('$path changes while it runs', ({ path, value, changed }) => {
  const after = configWith(path, value);
  expect(difference(configWith('http', undefined), after)).toEqual({ changed, held: [] });
});

test('where it listens does not, and the rest of the block changes all the same', () => {
  const after = configWith('http', { listen: '127.0.0.1:9999', admin_roles: ['root'] });
  expect(difference(before, after)).toEqual({ changed: ['http.admin_roles'], held: ['http.listen.port'] });
  expect(keepHeld(before, after).http).toMatchObject({ listen: { port: 8780 }, admin_roles: ['root'] });
  expect(difference(before, keepHeld(before, after)).held).toEqual([]);
});

test.each([
  { path: 'http.trusted_proxies', value: ['10.0.0.0/8'] },
  { path: 'http.connections', value: 5 },
])('$path is held open', ({ path, value }) => {
  const [now, after] = [configWith('http', undefined), configWith(path, value)];
  expect(difference(now, after)).toEqual({ changed: [], held: [path] });
  expect(difference(now, keepHeld(now, after))).toEqual({ changed: [], held: [] });
});

test('a web service that is taken away or comes needs a restart', () => {
  expect(difference(before, configWith('http', undefined)).held).toEqual([
    'http.listen.host',
    'http.listen.port',
    'http.listen',
  ]);
});

test('the path below which the service lies begins and ends with a slash', () => {
  expect(configWith('http.base_path', '/cloud/backups/').http.base_path).toBe('/cloud/backups/');
  for (const path of ['', 'backups/', '/backups', '//', '/a b/', '/a;/']) {
    expect(refusalOf(sampleWith('http.base_path', path)).message).toContain('must begin and end with a slash');
  }
});
