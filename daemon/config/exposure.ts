import { statSync } from 'node:fs';
import { Secret } from './secret.ts';

function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}

/** Files with a secret that any user of the machine may read; in a container that is usual, and no harm. */
export function exposedFiles(config: unknown, configPath: string): readonly string[] {
  const files = secretsIn(config).flatMap(({ source }) => {
    if (source.kind === 'environment') return [];
    return source.kind === 'file' ? source.path : configPath;
  });
  return [...new Set(files)].filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0);
}
