import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { difference } from '../../daemon/config/difference.ts';
import { parseConfig } from '../../daemon/config/load.ts';

const SAMPLE = readFileSync(join(import.meta.dirname, '../../packaging/examples/config.yaml'), 'utf8');
const LINES = SAMPLE.split('\n');
const read = (lines: readonly string[]) => parseConfig(lines.join('\n'), 'config.yaml');

interface Claim {
  readonly at: number;
  readonly key: string;
  /** Where the value shown is another than the default. */
  readonly said: string | null;
}

/** Every line that says what is so without it. */
const CLAIMS: readonly Claim[] = LINES.flatMap((line, at) => {
  const found = /^\s*(?:- )?([a-z_]+):\s[^#]*#.*\bdefault(?: ([A-Za-z0-9]+))?(?:[;:]|$)/.exec(line);
  if (!found) return [];
  const said = found[2] ?? null;
  return said === 'none' ? [] : [{ at, key: found[1] ?? '', said }];
});

/** A block with nothing left in it goes as well. */
function without(at: number): readonly string[] {
  const isAlone = /^\S+:\s*$/.test(LINES[at - 1] ?? '') && !/^ /.test(LINES[at + 1] ?? '');
  return LINES.filter((_, index) => index !== at && !(isAlone && index === at - 1));
}

test('the sample is a configuration, and tells of many defaults', () => {
  expect(read(LINES).policies.length).toBeGreaterThan(1);
  expect(CLAIMS.length).toBeGreaterThan(20);
});

test.each(CLAIMS)('the default of $key, in line $at, is what the sample says', ({ at, said }) => {
  const shown = said === null ? LINES : LINES.with(at, (LINES[at] ?? '').replace(/:\s+\S+/, `: ${said}`));
  expect(difference(read(shown), read(without(at)))).toEqual({ changed: [], held: [] });
});
