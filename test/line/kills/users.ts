import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../../region/tenant.ts';
import type { Scene } from './scene.ts';

/** What people and a cloud do meanwhile. */
export interface Users {
  /** When a user asked for a backup's deletion, epoch ms by its id; whatever stood on it goes too. */
  readonly deletedAt: ReadonlyMap<string, number>;
  /** How often each thing was done, and with which answer. */
  readonly deeds: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

const BACKUP_SECONDS = [0.2, 0.5, 1, 1, 3, 7];

/** Users make, copy and delete backups by hand, and backups take longer or fail, one thing every second or two. */
export function startUsers(scene: Scene, roll: () => number): Users {
  const { region, projects } = scene;
  const deletedAt = new Map<string, number>();
  const deeds = new Map<string, number>();
  const over = new AbortController();
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(roll() * from.length)];
  const tell = (deed: string): void => void deeds.set(deed, (deeds.get(deed) ?? 0) + 1);
  const completedOf = (rows: readonly Resource[]) => rows.filter(({ status }) => status === 'COMPLETED');

  async function withBackups(
    act: (of: Scene['projects'][number]['tenant'], instance: string, backups: readonly Resource[]) => Promise<void>,
  ): Promise<void> {
    const project = pick(projects);
    const instance = pick(project?.instances ?? []);
    if (project && instance) await act(project.tenant, instance, completedOf(await project.tenant.backups(instance)));
  }

  const byHand = () =>
    withBackups(async (user, instance, backups) => {
      const model = pick(backups);
      const backup = {
        name: `mine-${deeds.size}`,
        instance,
        ...(model && roll() < 0.5 && { parent_id: model.id }),
        ...(model && roll() < 0.5 && { description: model['description'] }),
      };
      tell(`made by hand: ${(await user.request('POST', '/backups', { backup })).status}`);
    });
  const deletes = () =>
    withBackups(async (user, _, backups) => {
      const victim = pick(backups);
      if (!victim) return;
      deletedAt.set(victim.id, Date.now());
      tell(`deleted by hand: ${(await user.request('DELETE', `/backups/${victim.id}`)).status}`);
    });
  const cleansUp = () =>
    withBackups(async (user, _, backups) => {
      for (const { id } of backups.filter((backup) => backup['parent_id'] === null)) {
        deletedAt.set(id, Date.now());
        tell(`cleaned up: ${(await user.request('DELETE', `/backups/${id}`)).status}`);
      }
    });
  const slower = () => region.control({ backup_s: pick(BACKUP_SECONDS) ?? 1 });
  const failing = () => {
    const all = projects.flatMap(({ instances }) => instances);
    return region.control({ fail: all.filter(() => roll() < 0.1) });
  };

  async function live(): Promise<void> {
    while (!over.signal.aborted) {
      await pick([byHand, byHand, deletes, deletes, cleansUp, cleansUp, slower, failing])?.();
      await sleep(500 + roll() * 1500, undefined, { signal: over.signal }).catch(() => undefined);
    }
    await region.control({ backup_s: 0.2, fail: [] });
  }
  const lived = live();
  lived.catch(() => undefined); // told at stop()
  return {
    deletedAt,
    deeds,
    stop: () => {
      over.abort();
      return lived;
    },
  };
}
