import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { unlikeAnswer } from './answers.ts';
import type { Example } from './blocks.ts';

/** One request that curl made. */
export interface Made {
  readonly status: number;
  readonly method: string;
  readonly url: string;
}

export interface Outcome {
  readonly code: number;
  readonly output: string;
  /** Without what curl tells of its requests. */
  readonly complaints: string;
  readonly made: readonly Made[];
}

/** A shell like that of a reader who goes through a document: what one block sets the next ones have. */
export interface Shell {
  run(script: string): Promise<Outcome>;
  close(): void;
}

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Commands that are not what they are on this machine: scripts of sh by name. */
  readonly commands?: Readonly<Record<string, string>>;
}

const WITHIN_MS = 30_000;
const TOLD = /^curl-made (\d{3}) (\S+) (\S+)$/;
const SETTING = /^\s*([A-Za-z_]\w*)=/gm;

export function openShell({ env = {}, commands = {} }: ShellOptions = {}): Shell {
  const home = mkdtempSync(join(tmpdir(), 'autobackup-shell-'));
  const [bin, work, state] = [join(home, 'bin'), join(home, 'work'), join(home, 'state')];
  for (const folder of [bin, work]) mkdirSync(folder);
  writeFileSync(state, '');
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  // So the examples stay as one would type them, and all the same it is seen what each request was answered.
  writeFileSync(
    join(home, '.curlrc'),
    'write-out = "%{stderr}curl-made %{http_code} %{method} %{url_effective}\\n"\nnoproxy = "*"\n',
  );
  const place = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: home, CURL_HOME: home, LANG: 'C.UTF-8' };
  return {
    async run(script) {
      const names = [...new Set([...script.matchAll(SETTING)].map(([, name]) => name))];
      const keep = names.length > 0 ? `declare -p ${names.join(' ')} >>'${state}'` : '';
      const whole = `. '${state}'\n${script}\n${keep}`;
      const child = spawn('bash', ['-euo', 'pipefail', '-c', whole], {
        cwd: work,
        env: { ...place, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: WITHIN_MS,
      });
      const ended = new Promise<number>((done, failed) => {
        child.once('error', failed).once('close', (code) => done(code ?? -1));
      });
      const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      const lines = errors.split('\n').filter((line) => line !== '');
      const made = lines.flatMap((line) => {
        const [, status, method = '', url = ''] = TOLD.exec(line) ?? [];
        return status === undefined ? [] : [{ status: Number(status), method, url }];
      });
      return { code, output, complaints: lines.filter((line) => !TOLD.test(line)).join('\n'), made };
    },
    close: () => rmSync(home, { recursive: true }),
  };
}

const isSuccess = ({ status }: Made): boolean => status >= 200 && status < 300;
const told = ({ method, url, status }: Made): string => `${method} ${url} was answered ${status}`;

/** What of an example is not as its document says; nothing where all is. */
export function faultsOf({ answer }: Example, { code, output, complaints, made }: Outcome): readonly string[] {
  if (code !== 0) return [`it ended with ${code}: ${complaints || output}`];
  const last = made.at(-1);
  if (!last) return answer === null ? [] : ['an answer is shown, and nothing was asked'];
  const others = made.slice(0, -1).filter((one) => !isSuccess(one));
  if (others.length > 0) return others.map(told);
  if (answer !== null) return unlikeAnswer(answer, last.status, output);
  return isSuccess(last) ? [] : [`${told(last)}, and no such answer is shown: ${output}`];
}
