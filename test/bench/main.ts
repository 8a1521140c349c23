// `npm run bench [-- NAME…] [-- --write]`: every bench by itself, one after the other; --write puts the figures and the
// machine into docs/performance.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import type { Figure } from './report.ts';

const HERE = import.meta.dirname;
const DOCUMENT = join(HERE, '../../docs/performance.md');
const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];
/** Not benches themselves. */
const PARTS: ReadonlySet<string> = new Set([
  'main',
  'report',
  'fill',
  'daemon-store',
  'places',
  'processes',
  'within',
  'region-server',
  'within',
]);

/** A bench that hangs is a figure that was missed, not a night that was lost. */
const LONGEST_MS = 15 * 60_000;

interface Result {
  readonly bench: string;
  readonly figures: readonly Figure[];
}

function run(file: string): Result {
  const name = basename(file, '.ts');
  process.stdout.write(`\n=== ${name}\n`);
  const { stdout, status } = spawnSync(process.execPath, [join(HERE, file)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
    timeout: LONGEST_MS,
  });
  const lines = stdout.trim().split('\n');
  const line = lines.findLast((candidate) => candidate.startsWith('{"bench"'));
  process.stdout.write(`${lines.filter((candidate) => candidate !== line).join('\n')}\n`);
  if (line) return JSON.parse(line) as Result;
  return {
    bench: name,
    figures: [
      {
        what: 'ran to its end',
        measured: status === null ? 'did not end in time' : `exit code ${status}`,
        target: '0',
        ok: false,
      },
    ],
  };
}

function machine(): string {
  const [first] = cpus();
  const release = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model ?? 'unknown CPU'}, ${gib} GiB, ${release}, Node ${process.versions.node}`;
}

const benchOf = (row: string): string => row.split('|')[1]?.trim() ?? '';

/** What was not measured now stays as it was, with its day. */
function write(results: readonly Result[]): void {
  const day = new Date().toISOString().slice(0, 10);
  const rows = results.flatMap(({ bench, figures }) =>
    figures.map(
      ({ what, measured, target, ok }) =>
        `| ${bench} | ${what} | ${measured} | ${target}${ok ? '' : ' — **missed**'} | ${day} |`,
    ),
  );
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [old = '', after = ''] = rest.split(END);
  const now = new Set(results.map(({ bench }) => bench));
  const kept = old
    .split('\n')
    .filter((line) => /^\| [a-z]/.test(line) && benchOf(line) !== 'bench' && !now.has(benchOf(line)));
  const all = [...kept, ...rows].sort((one, other) => benchOf(one).localeCompare(benchOf(other)));
  const table = ['| bench | what | measured | target | on |', '|---|---|---|---|---|', ...all].join('\n');
  writeFileSync(DOCUMENT, `${before}${BEGIN}\nMeasured on ${machine()}.\n\n${table}\n${END}${after}`);
}

const words = process.argv.slice(2);
const wanted = new Set(words.filter((word) => !word.startsWith('--')));
const files = globSync('*.ts', { cwd: HERE })
  .sort()
  .filter((file) => {
    const name = basename(file, '.ts');
    return !PARTS.has(name) && (wanted.size === 0 || wanted.has(name));
  });
if (files.length === 0) throw new Error(`no bench of that name in ${HERE}`);
const results = files.map(run);
if (words.includes('--write')) write(results);
const missed = results.flatMap(({ figures }) => figures).filter(({ ok }) => !ok);
process.stdout.write(`\n${missed.length === 0 ? 'every target was met' : `${missed.length} targets were missed`}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;
