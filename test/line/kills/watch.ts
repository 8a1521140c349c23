import { setTimeout as sleep } from 'node:timers/promises';
import { parseMarker } from '../../../lib/core/index.ts';
import type { Resource } from '../../region/tenant.ts';
import type { Incremental } from './laws.ts';
import { CAPS, type Scene } from './scene.ts';

const EVERY_MS = 2_000;
const RUNNING = `SELECT tenant_id, count(*) FROM backups
  WHERE deleted = 0 AND state IN ('NEW', 'BUILDING', 'SAVING') AND name LIKE 'auto-%' GROUP BY tenant_id`;

/** Looks at Trove every two seconds for more backups of ours at once than the caps allow. */
export function watchCaps({ region }: Scene) {
  const over = new AbortController();
  const broken: string[] = [];
  let most = 0;

  async function look(): Promise<void> {
    const lines = (await region.sql(RUNNING)).split('\n').filter((line) => line !== '');
    const counts = lines.map((line) => Number(line.split('\t')[1]));
    const total = counts.reduce((sum, n) => sum + n, 0);
    most = Math.max(most, total);
    if (total > CAPS.concurrent || counts.some((n) => n > CAPS.perProject)) broken.push(`at once: ${lines.join(', ')}`);
  }
  const looked = (async () => {
    while (!over.signal.aborted) {
      await look();
      await sleep(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  looked.catch(() => undefined); // told at stop()
  return {
    most: () => most,
    async stop(): Promise<readonly string[]> {
      over.abort();
      await looked;
      return broken;
    },
  };
}

/** Looks at the parent of an incremental as its request goes by. */
export function watchParents({ tenantOf }: Scene) {
  const asked: Incremental[] = [];

  async function look(body: string): Promise<void> {
    const { backup } = JSON.parse(body) as {
      backup: { instance: string; parent_id?: string; description: string };
    };
    const { instance: instanceId, parent_id: parentId } = backup;
    if (parentId === undefined) return;
    const atMs = Date.now();
    const { status, body: found } = await tenantOf(instanceId).request('GET', `/backups/${parentId}`);
    const parent = status === 200 ? (found as { backup: Resource }).backup : null;
    asked.push({
      atMs,
      runId: parseMarker(backup.description)?.runId ?? '',
      instanceId,
      parentId,
      parentStatus: parent?.status ?? null,
      parentInstanceId: parent ? String(parent['instance_id']) : null,
    });
  }
  return { asked, look };
}
