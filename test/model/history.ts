import fc from 'fast-check';
import { DEEDS, type Deed } from './deeds.ts';
import { POLICIES } from './policies.ts';
import { World, type WorldOptions } from './world.ts';

/** One thing that happens; `after` so many steps of the service, in the midst of what it does, if that is not 0. */
export type Event = readonly [deed: Deed, pick: number, after: number];

export interface History {
  readonly options: WorldOptions;
  readonly events: readonly Event[];
}

/** How often each happens; the others once. */
const OFTEN: Readonly<Partial<Record<Deed, number>>> = {
  'time passes': 4,
  'the service tends a project': 8,
  'a day of rounds passes': 30,
  'the service reads a project': 2,
  'the service is killed': 4,
  'a user makes an incremental on ours': 2,
  'a request goes astray': 3,
  'a deletion goes astray': 4,
  'a user makes an incremental on what is marked': 2,
  'a user deletes what is newest': 2,
  'somebody comes right before a deletion': 2,
  'a day of rounds passes, and users make their own before each': 3,
};
/** The most ordinary ones first: that is where shrinking leads. */
const DEED_NAMES = Object.keys(DEEDS) as readonly Deed[];
const WEIGHED = DEED_NAMES.flatMap((deed) => Array<Deed>(OFTEN[deed] ?? 1).fill(deed));
/** What the service does itself comes between no two of its steps. */
const BY_ITSELF: ReadonlySet<Deed> = new Set([
  'the service tends a project',
  'the service reads a project',
  'the service looks at the region',
  'a day of rounds passes',
  'a day of rounds passes, and users make their own before each',
  'minutes pass, and a user deletes each backup at once',
  'its store is lost',
]);

const event: fc.Arbitrary<Event> = fc
  .tuple(fc.constantFrom(...WEIGHED), fc.nat({ max: 255 }), fc.nat({ max: 24 }))
  .map(([deed, pick, after]) => [deed, pick, BY_ITSELF.has(deed) ? 0 : Math.max(0, after - 8)]);

export const histories = (maxLength: number): fc.Arbitrary<History> =>
  fc.record({
    options: fc.record({
      policy: fc.nat({ max: POLICIES.length - 1 }),
      limit: fc.constantFrom(50, 12, 6),
      concurrent: fc.constantFrom(4, 1, 2),
    }),
    events: fc.array(event, { minLength: 1, maxLength, size: 'max' }),
  });

export type Seen = Record<'made' | 'adopted' | 'marked' | 'deleted' | 'buried' | 'kills', number>;

export interface Outcome {
  /** After each of which the laws held, the last one left out if they are broken. */
  readonly steps: number;
  readonly broken: readonly string[];
  readonly days: number;
  readonly seen: Seen;
}

/** Lives a history, until a law is broken. */
export function live({ options, events }: History): Outcome {
  const world = new World(options);
  const beginUtc = world.region.utc;
  let happened = 0;
  for (const [deed, pick, after] of events) {
    if (world.laws.broken.length > 0) break;
    happened++;
    world.region.step++;
    if (deed === 'the service is killed') world.kill(after);
    else world.at(after, () => DEEDS[deed](world, pick));
  }
  const { laws, service, region } = world;
  const steps = happened + service.steps;
  return { seen: world.seen, steps, broken: laws.broken, days: (region.utc - beginUtc) / 86_400_000 };
}

/** As it is pasted into the table of failures. */
export const printed = ({ options, events }: History): string =>
  [`{ options: ${JSON.stringify(options)}, events: [`, ...events.map((one) => `  ${JSON.stringify(one)},`), '] }'].join(
    '\n',
  );

export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly history: History;
  readonly broken: readonly string[];
}

export interface Found {
  readonly steps: number;
  readonly histories: number;
  /** Virtual time, of all histories together. */
  readonly days: number;
  readonly seen: Seen;
  readonly failure: Failure | null;
}

const BATCH = 400;

/** Lives histories of a seed until so many steps are done, or a law is broken. */
export function search(seed: number, steps: number, onProgress: (done: number) => void = () => undefined): Found {
  let done = 0;
  let lived = 0;
  let days = 0;
  const seen: Seen = { made: 0, adopted: 0, marked: 0, deleted: 0, buried: 0, kills: 0 };
  const property = fc.property(histories(160), (history) => {
    if (done >= steps) return true;
    const { steps: more, broken, ...outcome } = live(history);
    done += more;
    days += outcome.days;
    lived++;
    for (const [what, count] of Object.entries(outcome.seen)) seen[what as keyof Seen] += count;
    return broken.length === 0;
  });
  for (let batch = seed; done < steps; batch++) {
    const details = fc.check(property, { seed: batch, numRuns: BATCH, endOnFailure: true });
    onProgress(done);
    const [history] = details.counterexample ?? [];
    if (!history) continue;
    const { broken } = live(history);
    return {
      steps: done,
      histories: lived,
      days,
      seen,
      failure: { seed: batch, path: details.counterexamplePath ?? '', history, broken },
    };
  }
  return { steps: done, histories: lived, days, seen, failure: null };
}
