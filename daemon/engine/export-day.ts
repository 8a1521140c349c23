import { type DecisionsDocument, documentOf, InvalidInput, type StoredDecision } from '../../lib/core/index.ts';
import type { DecisionsOf, DecisionsPort } from '../ports/decisions.ts';

const DAY = 86_400_000;

/**
 * All that was decided on a day, in UTC, as a document that `replay` reads.
 * @param dayUtc `2026-11-24`
 * @throws InvalidInput for what is no day
 */
export async function exportDay(store: DecisionsPort, of: DecisionsOf, dayUtc: string): Promise<DecisionsDocument> {
  const fromUtc = Date.parse(`${dayUtc}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(dayUtc) || Number.isNaN(fromUtc)) {
    throw new InvalidInput(`"${dayUtc}" is no day; give one such as 2026-11-24, in UTC`);
  }
  const decisions: StoredDecision[] = [];
  const inputs: Record<string, unknown> = {};
  for (let after: number | null = null; ; ) {
    const page = await store.recorded(of, fromUtc, fromUtc + DAY, after);
    decisions.push(...page.decisions);
    Object.assign(inputs, page.inputs);
    if (page.next === null) return documentOf(dayUtc, decisions, inputs);
    after = page.next;
  }
}
