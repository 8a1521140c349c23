import type { Backup, Pruned, Reason } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import type { Deletion, PrunePort } from '../ports/prune.ts';

/** A DELETE may be carried out long after it was sent, when Trove's bus comes back; only then is it sent once more. */
const SENT_FOR_MS = 60 * 60_000;

/** How a DELETE went. `lost`: it may have gone out, and is looked for as one that was accepted. */
export type Sent =
  | { readonly kind: 'accepted' | 'gone' }
  | { readonly kind: 'lost'; readonly because: Reason }
  | { readonly kind: 'refused'; readonly because: Reason; readonly retryAfterMs: number | null };

export interface Deletions {
  /** The intent is on disk before the request goes out. */
  send(pruned: Pruned, instanceId: string, signal: AbortSignal): Promise<Sent>;
  /** Ids of the instance's backups whose DELETE is on its way. What `region`, all there is, shows no more is settled. */
  underWay(instanceId: string, region: readonly Backup[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export interface DeletionsDeps {
  readonly cloud: CloudPort;
  readonly pruning: PrunePort;
  readonly clock: Clock;
  readonly log: Log;
}

/** State before effect, as with backups: a DELETE is as unknown as a POST until Trove shows what became of it. */
export function createDeletions({ cloud, pruning, clock, log }: DeletionsDeps): Deletions {
  const factsOf = ({ backupId, instanceId, projectId, because }: Deletion) => ({
    backup: backupId,
    instance: instanceId,
    project: projectId,
    because,
  });

  async function ended(deletion: Deletion): Promise<void> {
    await pruning.gone(deletion.backupId, clock.nowUtc());
    log.info('prune.deleted', factsOf(deletion));
  }

  return {
    async underWay(instanceId, region, signal) {
      const waiting = new Set<string>();
      for (const deletion of await pruning.openDeletions()) {
        if (deletion.instanceId !== instanceId) continue;
        const { backupId, projectId, intentUtc } = deletion;
        const listed = region.some(({ id }) => id === backupId);
        // What no list shows is asked for before it is believed gone.
        if (!listed && (await cloud.backup(projectId, backupId, signal)) === null) await ended(deletion);
        else if (!listed || clock.nowUtc() - intentUtc < SENT_FOR_MS) waiting.add(backupId);
      }
      return waiting;
    },
    async send({ backup, because }, instanceId, signal) {
      const { id: backupId, projectId } = backup;
      const deletion: Deletion = { backupId, instanceId, projectId, because, intentUtc: clock.nowUtc() };
      await pruning.intend(deletion);
      const outcome = await cloud.deleteBackup(projectId, backupId, signal);
      switch (outcome.kind) {
        case 'accepted':
          log.info('prune.requested', factsOf(deletion));
          return outcome;
        case 'absent':
          await ended(deletion);
          return { kind: 'gone' };
        case 'unknown':
          return { kind: 'lost', because: outcome.because };
        case 'refused':
          await pruning.withdraw(backupId, outcome.because, clock.nowUtc());
          return outcome;
      }
    },
  };
}
