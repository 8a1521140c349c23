import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Failure, printed, search } from './history.ts';
import { shortened } from './shorten.ts';

/** `npm run soak -- [steps] [seed]`: as many histories as that takes, on every core; ends with 1 where a law was broken. */
const [, , stepsText = '10000000', seedText = String(Math.floor(Date.now() / 1000))] = process.argv;
const EVERY_MS = 15_000;

interface Part {
  readonly seed: number;
  readonly steps: number;
}
type Message = { readonly done: number } | { readonly failure: Failure | null };

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function part({ seed, steps }: Part): void {
  const { failure } = search(seed, steps, (done) => parentPort?.postMessage({ done } satisfies Message));
  parentPort?.postMessage({ failure } satisfies Message);
}

function tell({ seed, path, history, broken }: Failure): void {
  say(`\nbroken, by fast-check's seed ${seed} and path ${path}:\n${broken.join('\n')}`);
  say('\nthe same, shortened; paste it into test/model/failures.ts with what is wrong as its name:');
  say(printed(shortened(history)));
}

async function soak(steps: number, seed: number): Promise<void> {
  const parts = Math.max(1, availableParallelism());
  const done = Array<number>(parts).fill(0);
  const beganMs = performance.now();
  const sum = () => done.reduce((all, some) => all + some, 0);
  const rate = () => Math.round(sum() / ((performance.now() - beganMs) / 1000));
  say(`seed ${seed}: ${steps} steps on ${parts} cores`);
  const timer = setInterval(() => say(`${sum()} steps, ${rate()} a second`), EVERY_MS);
  const workers = Array.from({ length: parts }, (_, index) => {
    // Each has seeds of its own: one a batch of histories.
    const workerData: Part = { seed: seed + index * 1_000_000, steps: Math.ceil(steps / parts) };
    const worker = new Worker(new URL(import.meta.url), { workerData });
    return new Promise<Failure | null>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: Message) => {
        if ('done' in message) done[index] = message.done;
        else resolve(message.failure);
      });
    });
  });
  const failures = (await Promise.all(workers)).filter((failure) => failure !== null);
  clearInterval(timer);
  for (const failure of failures) tell(failure);
  say(
    `${sum()} steps in ${Math.round((performance.now() - beganMs) / 1000)} s, ${rate()} a second: ${failures.length} laws broken`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (isMainThread) await soak(Number(stepsText), Number(seedText));
else part(workerData as Part);
