import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A home of one's own, with files in it by their path below. */
export interface Home {
  readonly dir: string;
  /** The environment of a process that lives here. */
  readonly env: Readonly<Record<string, string>>;
  write(path: string, text: string): string;
  remove(): void;
}

export function makeHome(): Home {
  const dir = mkdtempSync(join(tmpdir(), 'home-'));
  return {
    dir,
    env: { HOME: dir, XDG_CONFIG_DIRS: join(dir, 'xdg') },
    write(path, text) {
      const file = join(dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
