import { because, type Pruned, type Reason } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import type { Deletion, PrunePort } from '../ports/prune.ts';

/**
 * A DELETE may be carried out long after it was sent, when Trove's bus comes back, and nothing shows that it waits there. A
 * second one gives a second unit of the quota back, which is wrong for ever; a unit that is held for a day is not.
 */
export const SENT_FOR_MS = 24 * 60 * 60_000;

const TOOK_MORE =
  'these were made on it while its DELETE was under way, and Trove took them along; nothing more of the instance is ' +
  'deleted until you have looked at them and named under prune.looked_at:';

/** How a DELETE went. `lost`: it may have gone out, and is looked for as one that was accepted. */
export type Sent =
  | { readonly kind: 'accepted' | 'gone' }
  | { readonly kind: 'lost'; readonly because: Reason }
  | { readonly kind: 'refused'; readonly because: Reason; readonly retryAfterMs: number | null };

export type LastLook = () => Promise<Reason | null>;

export interface Deletions {
  /**
   * When all is there to send it, `lastLook` is asked what forbids it; the intent is on disk before the request goes out.
   * Throws what `lastLook` throws, and then nothing was sent.
   */
  send(pruned: Pruned, instanceId: string, lastLook: LastLook, signal: AbortSignal): Promise<Sent>;
  /** Ids of the instance's backups whose DELETE is on its way. What Trove shows no more is settled, or what it shows too long. */
  underWay(instanceId: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
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
    const taken = await pruning.gone(deletion.backupId, clock.nowUtc());
    log.info('prune.deleted', factsOf(deletion));
    if (taken.length === 0) return;
    const { because: _, ...facts } = factsOf(deletion);
    log.error('prune.took_more', { ...facts, taken, hint: `${TOOK_MORE} ${deletion.backupId}` });
  }

  /** Whatever became of its instance or of itself meanwhile: no intent stays open for ever. */
  async function withoutEffect(deletion: Deletion, afterMs: number): Promise<void> {
    const reason = because('deletion-without-effect', { afterMs });
    await pruning.withdraw(deletion.backupId, reason, clock.nowUtc());
    log.warn('prune.blocked', { ...factsOf(deletion), because: reason });
  }

  return {
    async underWay(instanceId, signal) {
      const waiting = new Set<string>();
      for (const deletion of await pruning.openDeletions()) {
        if (deletion.instanceId !== instanceId) continue;
        const { backupId, projectId, intentUtc } = deletion;
        const sentForMs = clock.nowUtc() - intentUtc;
        if ((await cloud.backup(projectId, backupId, signal)) === null) await ended(deletion);
        else if (sentForMs < SENT_FOR_MS) waiting.add(backupId);
        else await withoutEffect(deletion, sentForMs);
      }
      return waiting;
    },
    async send({ backup, because: why }, instanceId, lastLook, signal) {
      const { id: backupId, projectId } = backup;
      const deletion = (): Deletion => ({ backupId, instanceId, projectId, because: why, intentUtc: clock.nowUtc() });
      const noted: { forbids: Reason | null } = { forbids: null };
      const commit = async (): Promise<boolean> => {
        noted.forbids = await lastLook();
        return noted.forbids === null && (await pruning.intend(deletion()));
      };
      const outcome = await cloud.deleteBackup(projectId, backupId, signal, commit);
      switch (outcome.kind) {
        case 'accepted':
          log.info('prune.requested', factsOf(deletion()));
          return outcome;
        case 'absent':
          await ended(deletion());
          return { kind: 'gone' };
        case 'unknown':
          return { kind: 'lost', because: outcome.because };
        case 'withheld':
          return { kind: 'refused', because: noted.forbids ?? because('unwanted-no-more', {}), retryAfterMs: null };
        case 'refused':
          await pruning.withdraw(backupId, outcome.because, clock.nowUtc());
          return outcome;
      }
    },
  };
}
