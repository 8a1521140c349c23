import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { ExitError } from '../exit.ts';
import { exposedFiles } from './exposure.ts';
import { type Config, configSchema } from './schema.ts';
import { unknownKey } from './unknown-key.ts';

function sentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  return `${where || 'the file'}: ${issue.message}`;
}

const FORMS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  object: 'a block of keys',
  array: 'a list such as [a, b]',
};

/** What to do about a value, where the schema does not say it itself. Never shows the value: it may be a password. */
function advice(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const form = FORMS[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return `missing; set it to ${form}`;
      const quotes = form === 'text' && typeof issue.input === 'number';
      return quotes ? 'must be text: a duration as 15m, all else in quotes' : `must be ${form}`;
    }
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty; fill it in';
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return issue.input === undefined ? 'missing; set it' : 'must be text or a number';
    case 'unrecognized_keys': {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
      return issue.keys.map((key) => unknownKey(key, known)).join('; ');
    }
    default:
      return undefined;
  }
}

/** Where the fault lies, without a word of the file: the line may hold a password. */
function faultOf(error: unknown): string {
  if (error instanceof ReferenceError)
    return 'an alias (*name) that nothing defines; put text that begins with * in quotes';
  if (!(error instanceof YAMLParseError)) throw error;
  const [at] = error.linePos ?? [];
  return `${error.code} at line ${at?.line}, column ${at?.col}; check quotes and indentation there`;
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
    raw = parse(yaml, { logLevel: 'error' });
  } catch (error) {
    throw new ExitError('config', `${name} is not YAML: ${faultOf(error)}`);
  }
  const result = configSchema.safeParse(raw ?? {}, { error: advice });
  if (result.success) return freeze(result.data);
  throw new ExitError(
    'config',
    `${name} cannot be used:\n${result.error.issues.map((i) => `  ${sentence(i)}`).join('\n')}`,
  );
}

export interface LoadedConfig {
  readonly config: Config;
  /** Files with a secret that any user of the machine may read. */
  readonly exposed: readonly string[];
}

/** The file, and the secrets that it names. @throws ExitError 78 */
export function loadConfig(path: string): LoadedConfig {
  let yaml: string;
  try {
    yaml = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExitError('config', `the configuration ${path} cannot be read (${code}); check --config`, {
      cause: error,
    });
  }
  const config = parseConfig(yaml, path);
  return { config, exposed: exposedFiles(config, path) };
}
