import { because } from '../../lib/core/index.ts';
import type { Log } from '../ports/log.ts';
import type { RunLedgerPort } from '../ports/run-ledger.ts';

/** Makes every intent an unknown outcome; only while nothing is under way, as at a start. */
export async function recoverIntents({ ledger, log }: { ledger: RunLedgerPort; log: Log }): Promise<void> {
  const restarted = because('restarted', {});
  for (const { id, instanceId, projectId, slotUtc } of await ledger.recoverIntents(restarted)) {
    const slot = new Date(slotUtc).toISOString();
    log.warn('run.unknown', { run: id, instance: instanceId, project: projectId, slot, because: restarted });
  }
}
