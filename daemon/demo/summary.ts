import type { Finding } from './check.ts';
import type { Problem } from './check-rules.ts';
import { type Line, type Span, wrap } from './text.ts';
import type { Words } from './words/index.ts';

const SHOWN_CHAINS = 12;

/** The lengths of the chains, oldest first: `7+7+3`. */
function chainText(chains: readonly number[], { summary: say }: Words): string {
  const made = chains.reduce((sum, length) => sum + length, 0);
  if (made === chains.length) return say.full(made);
  const lengths = chains.slice(-SHOWN_CHAINS).join('+');
  return say.chains(made, chains.length, chains.length > SHOWN_CHAINS ? `…+${lengths}` : lengths);
}

const sentence = ({ kind, facts }: Problem, { problems }: Words): string =>
  (problems[kind] as (facts: Problem['facts']) => string)(facts);

export interface Outcome {
  readonly findings: readonly Finding[];
  /** Messages of the bus that the daemon made use of; null without a bus. */
  readonly heard: number | null;
  readonly days: string;
}

/** What was proven, an instance a line. */
export function summary({ findings, heard, days }: Outcome, width: number, words: Words): readonly Line[] {
  const { summary: say } = words;
  const nameWidth = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const wrong = findings.flatMap(({ problems }) => problems).length + (heard === 0 ? 1 : 0);
  const last: Span = wrong === 0 ? { text: say.fine, ink: 'good' } : { text: say.wrong(wrong), ink: 'bad' };
  const bus: readonly Line[] = heard === null ? [] : [[mark(heard > 0), { text: say.heard(heard) }]];
  return [
    [{ text: say.title(days), ink: 'strong' }],
    [],
    ...findings
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .flatMap((it) => lines(it, { nameWidth, width }, words)),
    ...bus,
    [],
    ...wrap([{ text: '' }, last], width, 0),
  ];
}

const mark = (fine: boolean): Span => (fine ? { text: '✓ ', ink: 'good' } : { text: '✗ ', ink: 'bad' });

interface Widths {
  readonly nameWidth: number;
  readonly width: number;
}

function lines(it: Finding, { nameWidth, width }: Widths, words: Words): readonly Line[] {
  const { summary: say } = words;
  const name: Span = { text: it.name.padEnd(nameWidth) };
  const told = [say.slots(it.slots), chainText(it.chains, words)];
  if (it.failed > 0) told.push(say.failedOnce(it.failed));
  const what: Span = it.scheduled ? { text: told.join(' · ') } : { text: say.none, ink: 'faint' };
  return [
    ...wrap([mark(it.problems.length === 0), name, what], width, nameWidth + 2),
    ...it.problems.map((problem): Line => [{ text: `    ${sentence(problem, words)}`, ink: 'bad' }]),
  ];
}
