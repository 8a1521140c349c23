import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { ExitError } from '../exit.ts';
import { type Config, configSchema } from './schema.ts';

/** Keys that the form will have; named so that nobody looks for a typing error. */
const LATER: ReadonlySet<string> = new Set([
  'cloud',
  'tenant_scope',
  'listen',
  'tls',
  'trusted_proxies',
  'tenant_api_share',
  'freeze',
  'catch_up',
  'cron',
  'rrule',
]);

function sentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (LATER.has(key) ? `${key} (not supported by this version yet)` : key));
    return `${where || 'the file'}: unknown ${keys.join(', ')}; remove it or correct its spelling`;
  }
  return where ? `${where}: ${issue.message}` : issue.message;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

/** @throws ExitError 78 with one line for each thing to correct. */
export function parseConfig(yaml: string, name: string): Config {
  let raw: unknown;
  try {
    raw = parse(yaml);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new ExitError('config', `${name} is not YAML: ${error.message.trim()}`);
  }
  const result = configSchema.safeParse(raw ?? {});
  if (result.success) return freeze(result.data);
  throw new ExitError(
    'config',
    `${name} cannot be used:\n${result.error.issues.map((i) => `  ${sentence(i)}`).join('\n')}`,
  );
}

export function loadConfig(path: string): Config {
  let yaml: string;
  try {
    yaml = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExitError('config', `the configuration ${path} cannot be read (${code}); check --config`, {
      cause: error,
    });
  }
  return parseConfig(yaml, path);
}
