import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutation } from './mutations.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Replaces a text that is there exactly once. */
export function mutated(source: string, { guard, text, without }: Mutation): string {
  const found = source.split(text).length - 1;
  if (found !== 1) throw new Error(`the guard "${guard}" is in the source ${found} times: bring its text up to date`);
  return source.replace(text, () => without);
}

/** A copy of lib/core and the model, with one guard broken or none; what the model finds in so many steps. */
export async function judge(mutation: Mutation | null, steps: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'autobackup-mutant-'));
  try {
    for (const part of ['lib/core', 'test/model', 'package.json']) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    if (mutation) {
      const file = join(folder, mutation.file);
      writeFileSync(file, mutated(readFileSync(file, 'utf8'), mutation));
    }
    return await run(join(folder, 'test/model/verdict.ts'), steps);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(file: string, steps: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [file, String(steps)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [out, errors] = texts;
  if (out === '') throw new Error(`the mutant did not end: ${errors}`);
  return JSON.parse(out) as readonly string[];
}

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = '';
  for await (const part of stream) all += String(part);
  return all;
}
