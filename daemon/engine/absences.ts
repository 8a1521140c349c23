import { judgeVanish, type VanishVerdict } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { type CloudPort, CloudUnavailable } from '../ports/cloud.ts';
import type { InventoryPort, KnownInstance } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { Settings } from './settings.ts';

export interface AbsencesDeps {
  readonly cloud: CloudPort;
  readonly inventory: InventoryPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
}

const BATCH = 100;

/** After a complete look: who was not in it, whether that is to be believed, and the end of their schedules. */
export function createAbsences(deps: AbsencesDeps): (signal: AbortSignal) => Promise<void> {
  const { cloud, inventory, clock, log, settings } = deps;

  async function judge(): Promise<VanishVerdict & { readonly knownByProject: ReadonlyMap<string, number> }> {
    const absent: KnownInstance[] = [];
    const knownByProject = new Map<string, number>();
    for (let after: string | null = null; ; ) {
      const page = await inventory.noteAbsences(after);
      absent.push(...page.absentTwice);
      for (const [project, n] of page.knownByProject)
        knownByProject.set(project, (knownByProject.get(project) ?? 0) + n);
      after = page.next;
      if (after === null) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const goneLately = await inventory.goneLately(clock.nowUtc());
    return { ...judgeVanish({ absent, knownByProject, goneLately, share: settings().vanishShare }), knownByProject };
  }

  async function isGone(known: KnownInstance, signal: AbortSignal): Promise<boolean> {
    try {
      return (await cloud.instance(known.projectId, known.instanceId, signal)) === null;
    } catch (error) {
      if (error instanceof CloudUnavailable) return false;
      throw error;
    }
  }

  async function bury(vanished: readonly KnownInstance[], signal: AbortSignal): Promise<void> {
    const gone: KnownInstance[] = [];
    for (const known of vanished) if (await isGone(known, signal)) gone.push(known);
    await inventory.entomb(gone, clock.nowUtc());
    for (const { instanceId, projectId } of gone)
      log.info('instance.gone', { instance: instanceId, project: projectId });
  }

  return async (signal) => {
    const verdict = await judge();
    if (verdict.kind === 'alarm') {
      const { vanished, known, allowed } = verdict;
      const hint = 'no schedule was ended; see whether Trove lists the whole region';
      log.error('reconcile.mass_vanish', { vanished, known, allowed, hint });
      return;
    }
    for (const project of verdict.doubted) {
      const known = verdict.knownByProject.get(project) ?? 0;
      const hint = 'all of its instances vanished; their schedules run on';
      log.error('reconcile.mass_vanish', { project, known, hint });
    }
    for (let from = 0; from < verdict.gone.length; from += BATCH) {
      await bury(verdict.gone.slice(from, from + BATCH), signal);
    }
  };
}
