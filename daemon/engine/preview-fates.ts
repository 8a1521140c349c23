import {
  because,
  type FateChange,
  fateChanges,
  type Instance,
  type OwnedBackup,
  type Policy,
  type PruneView,
  type Reason,
} from '../../lib/core/index.ts';
import type { Prospect, RetentionPort } from '../ports/retention.ts';
import { breathe } from './breathe.ts';
import { isPolicy, type PolicyTurn, type Scene } from './preview-scene.ts';
import { pruneInputOf } from './prune-input.ts';
import type { EngineSettings } from './settings.ts';

/** Read in one transaction: slots and bus must not wait for a large project. */
const BATCH = 100;

type By = Pick<EngineSettings, 'lookedAt' | 'graceMs'>;

type Turn = Pick<PolicyTurn, 'to' | 'pausedUntilUtc'> & { readonly instance: Pick<Instance, 'id' | 'projectId'> };
/** Of an instance of which nothing is said: of one that is not tended nothing changes. */
export type OtherTurn = Turn & { readonly isOther: true };

/** What is decided of an instance's backups as things are, and as they would be. */
function viewsOf(
  { instance, to, pausedUntilUtc }: Turn,
  rows: readonly OwnedBackup[],
  prospect: Prospect | null,
  { seen, nowUtc }: Scene,
  by: By,
): { readonly before: PruneView; readonly after: PruneView } {
  const there = { instance, backups: rows, elsewhere: seen.elsewhere.get(instance.id) ?? [], gone: seen.gone };
  const input = (policy: Policy | null): PruneView =>
    prospect ? pruneInputOf(policy ? { ...prospect, policy } : prospect, there, by, nowUtc) : because('no-policy', {});
  const paused: Reason | null =
    pausedUntilUtc === null ? null : because('paused', { owner: '', note: '', untilUtc: pausedUntilUtc });
  const before = prospect?.isTended ? input(null) : because('unwanted-no-more', {});
  return { before, after: isPolicy(to) ? (paused ?? input(to)) : to };
}

export interface Fates {
  readonly deletions: readonly FateChange[];
  readonly kept: readonly FateChange[];
}

/** What turns let go that stays as things are, and the reverse. Of who has no backups nothing is read. */
export async function fatesOf(
  retention: Pick<RetentionPort, 'prospects'>,
  turns: readonly (Turn | OtherTurn)[],
  rowsOf: (instance: Pick<Instance, 'id'>) => readonly OwnedBackup[],
  scene: Scene,
  by: By,
  signal: AbortSignal,
): Promise<Fates> {
  const [deletions, kept]: [FateChange[], FateChange[]] = [[], []];
  const touched = turns.filter(({ instance }) => rowsOf(instance).length > 0);
  for (let from = 0; from < touched.length; from += BATCH) {
    signal.throwIfAborted();
    const batch = touched.slice(from, from + BATCH);
    const ids = batch.map(({ instance }) => instance.id);
    const prospects = await retention.prospects(ids, scene.nowUtc);
    for (const turn of batch) {
      const rows = rowsOf(turn.instance);
      const prospect = prospects.get(turn.instance.id) ?? null;
      if ('isOther' in turn && !prospect?.isTended) continue;
      const { before, after } = viewsOf(turn, rows, prospect, scene, by);
      const found = fateChanges(rows, before, after);
      deletions.push(...found.deletions);
      kept.push(...found.kept);
    }
    await breathe();
  }
  return { deletions, kept };
}
