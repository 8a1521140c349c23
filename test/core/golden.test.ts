import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Backup,
  type Freeze,
  type Instance,
  type OwnedBackup,
  type PlanInput,
  type Policy,
  plan,
  type Quota,
  type Step,
} from '../../lib/core/index.ts';
import { at, backup, instance, policy } from './builders.ts';

/** A world as its file tells it: instants as text, and only what differs from an ordinary one. */
interface Golden {
  readonly title: string;
  readonly slot: string;
  readonly now: string;
  readonly instance: Partial<Instance> | null;
  readonly policy?: Partial<Policy>;
  readonly backups: readonly (Partial<Backup> & {
    readonly id: string;
    readonly made: string;
    readonly slot?: string;
    readonly owner?: string;
  })[];
  readonly recent?: { readonly failuresInARow: number; readonly lastFailed: string };
  readonly gone?: readonly string[];
  readonly quota?: Quota;
  readonly observe?: boolean;
  readonly freezes?: readonly Freeze[];
  readonly step: Step;
}

const FOLDER = new URL('golden/', import.meta.url);
const files = readdirSync(FOLDER).sort();
const goldens = files.map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Golden);

function owned({ made, slot, owner, ...over }: Golden['backups'][number]): OwnedBackup {
  const row = backup(over.id, { createdUtc: at(made), updatedUtc: at(made), ...over });
  if (owner !== undefined) return { ...row, ownership: { kind: 'conflict', owner } };
  if (slot === undefined) return { ...row, ownership: { kind: 'foreign' } };
  return { ...row, ownership: { kind: 'managed', origin: 'scheduled', runId: `run-${over.id}`, slotUtc: at(slot) } };
}

const worldOf = (golden: Golden): PlanInput => ({
  run: { id: 'run-now', slotUtc: at(golden.slot) },
  nowUtc: at(golden.now),
  instance: golden.instance && instance(golden.instance),
  policy: policy(golden.policy),
  backups: golden.backups.map(owned),
  recent: {
    failuresInARow: golden.recent?.failuresInARow ?? 0,
    lastFailedUtc: golden.recent ? at(golden.recent.lastFailed) : null,
  },
  gone: new Set(golden.gone),
  quota: golden.quota ?? { inUse: 10, reserved: 0, limit: 50 },
  reserve: 1,
  observe: golden.observe ?? false,
  freezes: golden.freezes ?? [],
});

/** Instants in a step are written as text too. */
const readable = (step: Step): unknown =>
  JSON.parse(JSON.stringify(step, (key, value) => (key.endsWith('Utc') ? new Date(value).toISOString() : value)));

test('there are worlds to plan', () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
});

test.each(goldens)('$title', (golden) => {
  expect(readable(plan(worldOf(golden)))).toEqual(golden.step);
});

test.each(goldens)('planned twice, or with the list turned round, the step is the same: $title', (golden) => {
  const world = worldOf(golden);
  const before = structuredClone(world);
  const step = plan(world);
  expect(plan(world)).toEqual(step);
  expect(plan({ ...world, backups: world.backups.toReversed() })).toEqual(step);
  expect(world).toEqual(before);
});
