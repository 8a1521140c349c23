import { because, goesBy } from '../../lib/core/index.ts';
import type { CourseForeseen, Shortage } from '../ports/schedules.ts';
import { lookedOf } from './preview-course.ts';
import type { QuotaAhead } from './preview-quota.ts';
import type { PolicyTurn } from './preview-scene.ts';

/** Policies that are adapted alike, each once. */
function adaptedOf(turns: readonly PolicyTurn[], { changes }: QuotaAhead): Shortage['adapted'] {
  const own = turns
    .flatMap(({ instance }) => changes.get(instance.id) ?? [])
    .filter(({ adapted }) => adapted.length > 0);
  return [...Map.groupBy(own, ({ configured }) => JSON.stringify(configured)).values()].flatMap((alike) => {
    const [first] = alike;
    return first ? [{ wanted: first.configured, because: first.adapted, instances: alike.length }] : [];
  });
}

/** null where the quota holds all and nothing was taken back because of it. */
export function shortageOf(
  turns: readonly PolicyTurn[],
  ahead: QuotaAhead,
  wanted: CourseForeseen | null,
): Shortage | null {
  const { found, input, sample } = ahead;
  const { short, fits, measures } = found;
  if (short === null && measures.level === 0) return null;
  const turned = new Set(turns.map(({ instance }) => instance.id));
  const decided = input.scheduled.map((one) => ({ id: one.instance.id, ...goesBy(found, one) }));
  return {
    because: short ?? because('quota-enough', { limit: input.quota.limit }),
    onShortage: measures.onShortage,
    fits,
    adapted: adaptedOf(turns, ahead),
    othersAdapted: decided.filter(({ id, adapted }) => adapted.because.length > 0 && !turned.has(id)).length,
    refused: decided.filter(({ refused }) => refused !== null).length,
    wanted,
    instances: lookedOf(sample),
  };
}
