// The next slot of a cron pattern in a zone, beside croner: over 1,000,000 random zones, patterns and instants no
// difference but the two of our law for changing clocks, and the time that each takes. Tables of zones and patterns are
// made before the clock runs, as a daemon makes them once; croner has made its own by then too.
import fc from 'fast-check';
import { type Cadence, nextSlot } from '../../lib/core/index.ts';
import { CronerReference, cronRules } from '../core/croner-reference.ts';
import { zones } from '../core/luxon-clocks.ts';
import { median, report } from './report.ts';

const ROUNDS = 5;
const PAIRS = 400;
const INSTANTS = 500;
const FASTER = 50;

interface Pair {
  readonly cadence: Cadence;
  readonly croner: CronerReference;
  readonly instants: readonly number[];
}

/** A pair's instants lie in one year, so that the tables of zones are not the whole of the work. */
function pairs(round: number): readonly Pair[] {
  const drawn = fc.sample(fc.record({ zone: zones, rule: cronRules, year: fc.integer({ min: 1970, max: 2099 }) }), {
    numRuns: PAIRS,
    seed: 20261122 + round,
  });
  return drawn.map(({ zone, rule, year }, index) => ({
    cadence: { kind: 'cron', cron: rule, zone, spreadMs: 0 },
    croner: new CronerReference(rule, zone),
    instants: fc.sample(fc.integer({ min: Date.UTC(year, 0, 1), max: Date.UTC(year + 1, 0, 1) - 1 }), {
      numRuns: INSTANTS,
      seed: round * PAIRS + index,
    }),
  }));
}

type Next = (pair: Pair, after: number) => number;
const ours: Next = ({ cadence }, after) => nextSlot(cadence, 'db-1', after);
const theirs: Next = ({ croner }, after) => croner.plain(after);

/** Nanoseconds for each slot. */
function time(drawn: readonly Pair[], next: Next): number {
  let sum = 0;
  const start = process.hrtime.bigint();
  for (const pair of drawn) for (const after of pair.instants) sum += next(pair, after);
  const spentNs = Number(process.hrtime.bigint() - start);
  if (Number.isNaN(sum)) throw new Error('a pattern has no next slot');
  return spentNs / (drawn.length * INSTANTS);
}

let differences = 0;
const [oursNs, theirsNs]: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  const drawn = pairs(round);
  for (const pair of drawn) {
    for (const after of pair.instants) {
      const [found, expected] = [ours(pair, after), pair.croner.next(after)];
      if (found === expected) continue;
      differences += 1;
      process.stderr.write(`${JSON.stringify(pair.cadence)} after ${after}: ${found}, by croner ${expected}\n`);
    }
  }
  theirsNs.push(time(drawn, theirs));
  oursNs.push(time(drawn, ours));
}
const ratio = median(theirsNs.map((ns, round) => ns / (oursNs[round] ?? Number.NaN)));
const looked = ROUNDS * PAIRS * INSTANTS;
report('next-slot', [
  {
    what: `differences over ${looked.toLocaleString('en')} random zones, patterns and instants`,
    measured: String(differences),
    target: '0',
    ok: differences === 0,
  },
  {
    what: 'next slot of a pattern in a zone, beside croner',
    measured: `${ratio.toFixed(0)} × (${median(oursNs).toFixed(0)} ns, croner ${(median(theirsNs) / 1000).toFixed(1)} µs)`,
    target: `at least ${FASTER} ×`,
    ok: ratio >= FASTER,
  },
]);
