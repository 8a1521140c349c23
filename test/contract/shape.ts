import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

interface Capture {
  readonly what: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const CAPTURES = JSON.parse(
  readFileSync(new URL('../fixtures/captures/http.json', import.meta.url), 'utf8'),
) as readonly Capture[];

/** A recorded answer, by what it was called when it was recorded. */
export function capture(what: string): Capture {
  const found = CAPTURES.find((one) => one.what === what);
  if (found === undefined) throw new Error(`no capture is called "${what}"`);
  return found;
}

/** The paths of all values with their types, a line each: `backups[].size: number`. */
export function shapeOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return unique(value.flatMap((item) => shapeOf(item, `${path}[]`)));
  if (value === null) return [`${path}: null`];
  if (typeof value !== 'object') return [`${path}: ${typeof value}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path}: {}`];
  return unique(entries.flatMap(([key, inner]) => shapeOf(inner, path === '' ? key : `${path}.${key}`)));
}

/** The body has the capture's keys and types, no more and no less; but for the paths in `varying`, which come and go. */
export function expectShape(body: unknown, what: string, varying: readonly string[] = []): void {
  expectLike(body, capture(what).body, varying);
}

export function expectLike(value: unknown, model: unknown, varying: readonly string[] = []): void {
  expect(steady(value, varying)).toEqual(steady(model, varying));
}

function steady(body: unknown, varying: readonly string[]): readonly string[] {
  const varies = (line: string) =>
    varying.some((path) => line.startsWith(path) && /^[.:[]/.test(line.slice(path.length)));
  return shapeOf(body).filter((line) => !varies(line));
}

const unique = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();
