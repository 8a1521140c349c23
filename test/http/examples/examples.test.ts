import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CALLS } from '../calls.ts';
import { type Example, examplesOf } from './blocks.ts';
import { openOrders } from './orders.ts';
import { faultsOf, type Made, openShell } from './shell.ts';

const DOCUMENT = join(import.meta.dirname, '../../../docs/api.md');
/** The address that the document gives the service. */
const PLACE = 'https://backups.example.org';
/** What a browser asks for and nobody else. */
const OF_THE_PAGE = ['GET /', 'GET /*', 'GET /v1/docs', 'GET /v1/docs.css'];
/** A machine with much else to do takes its time for some ninety processes. */
const WITHIN_MS = 180_000;
const examples = examplesOf(readFileSync(DOCUMENT, 'utf8'));

const patternOf = (route: string): RegExp => new RegExp(`^${route.replaceAll('/', '\\/').replace(/:\w+/g, '[^/]+')}$`);

/** Routes that none of the requests went to. */
function unasked(made: readonly Made[]): readonly string[] {
  const asked = made.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  return Object.keys(CALLS).filter(
    (route) => !OF_THE_PAGE.includes(route) && !asked.some((one) => patternOf(route).test(one)),
  );
}

test(
  'each example of docs/api.md answers what stands there, and together they ask every route for something',
  async () => {
    const { daemon, shell: options } = await openOrders();
    onTestFinished(daemon.close);
    const shell = openShell(options);
    onTestFinished(shell.close);
    const [faults, made]: [string[], Made[]] = [[], []];
    const run = async (example: Example): Promise<void> => {
      const outcome = await shell.run(example.script.replaceAll(PLACE, daemon.url));
      made.push(...outcome.made);
      faults.push(...faultsOf(example, outcome).map((fault) => `docs/api.md, line ${example.line}: ${fault}`));
    };
    for (const example of examples) await run(example);
    expect(faults).toEqual([]);
    expect(unasked(made)).toEqual([]);
  },
  WITHIN_MS,
);
