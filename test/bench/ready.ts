import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityOf } from '../../daemon/identity.ts';
import { DAY } from '../core/builders.ts';
import { fill } from './fill.ts';
import { runDaemon, writeConfig } from './processes.ts';
import { figure, median, report } from './report.ts';
import { within } from './within.ts';

/** From the start of the process to a daemon that says it is up and answers, with 1,000,000 schedules; nobody is at Keystone. */
const KEY = Buffer.alloc(32, 7);
const ANSWER_MS = 10_000;
const nowUtc = Date.now();
const path = fill({
  nowUtc,
  schedules: 1_000_000,
  projects: 1_000,
  slotOf: (n) => nowUtc + DAY + n,
  owner: identityOf(KEY).owner,
});
const folder = dirname(path);
writeFileSync(join(folder, 'marker.key'), `${KEY.toString('hex')}\n`, { mode: 0o600 });
const config = writeConfig('http://127.0.0.1:9/v3', folder);

async function startOnce(): Promise<number> {
  const startMs = performance.now();
  const daemon = runDaemon('serve', '--config', config);
  const started = JSON.parse(
    await daemon.line('the start of the daemon', (line) => line.includes('"daemon.started"')),
  ) as { ops: string };
  const answer = await within('/healthz', ANSWER_MS, fetch(`${started.ops}/healthz`));
  const text = await within('the text of /healthz', ANSWER_MS, answer.text());
  if (answer.status !== 200) throw new Error(`/healthz answers ${answer.status}: ${text}`);
  const ms = performance.now() - startMs;
  await daemon.stop();
  return ms;
}

await startOnce();
const times: number[] = [];
for (let round = 0; round < 5; round++) times.push(await startOnce());
rmSync(folder, { recursive: true, force: true });
report('ready', [figure('ready with 1,000,000 schedules', median(times) / 1000, 1.5, 's')]);
