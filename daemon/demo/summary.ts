import type { Finding, Problem } from './check.ts';
import type { Line, Span } from './text.ts';
import type { Words } from './words/index.ts';

/** `●─○─○ ●─○` in numbers: `3+2`. */
const chainText = (chains: readonly number[]): string => chains.join('+');

const sentence = ({ kind, facts }: Problem, { problems }: Words): string =>
  (problems[kind] as (facts: Problem['facts']) => string)(facts);

/** What was proven, an instance a line. */
export function summary(findings: readonly Finding[], days: string, words: Words): readonly Line[] {
  const { summary: say } = words;
  const nameWidth = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const wrong = findings.flatMap(({ problems }) => problems).length;
  const last: Span = wrong === 0 ? { text: say.fine, ink: 'good' } : { text: say.wrong(wrong), ink: 'bad' };
  return [
    [{ text: say.title(days), ink: 'strong' }],
    [],
    ...findings.toSorted((a, b) => a.name.localeCompare(b.name)).flatMap((it) => lines(it, nameWidth, words)),
    [],
    [last],
  ];
}

function lines(it: Finding, nameWidth: number, words: Words): readonly Line[] {
  const { summary: say } = words;
  const fine = it.problems.length === 0;
  const mark: Span = fine ? { text: '✓ ', ink: 'good' } : { text: '✗ ', ink: 'bad' };
  const name: Span = { text: it.name.padEnd(nameWidth) };
  const made = it.chains.reduce((sum, length) => sum + length, 0);
  const told = [`${say.backups(made)} (${chainText(it.chains)})`, say.slots(it.slots)];
  if (it.failed > 0) told.push(say.failedOnce(it.failed));
  const what: Span = it.scheduled ? { text: told.join(' · ') } : { text: say.none, ink: 'faint' };
  return [
    [mark, name, what],
    ...it.problems.map((problem): Line => [{ text: `    ${sentence(problem, words)}`, ink: 'bad' }]),
  ];
}
