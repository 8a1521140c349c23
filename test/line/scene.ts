import { afterEach } from 'vitest';
import { parseMarker, type Reason } from '../../lib/core/index.ts';
import type { Region } from '../region/region.ts';
import { type Resource, type Tenant, tenant, waitFor } from '../region/tenant.ts';
import type { LogLine } from './daemon-process.ts';
import { type RunRow, type Stage, type StageSettings, setStage } from './world.ts';

/** A project of its own in a real region, and a daemon that backs up its instances alone. */
export interface Scene {
  readonly region: Region;
  readonly project: string;
  readonly user: Tenant;
  readonly stage: Stage;
  /** A ready instance. */
  instance(name: string): Promise<string>;
  /** One that the test has made in another way: it goes with the test, as all others do. */
  goes(instanceId: string): void;
  /** Living backups of an instance, the newest last; ours by slot, a user's by when they were made. */
  backups(instanceId: string): Promise<readonly Resource[]>;
  /** Waits for the next line with this event and instance from now on, or from a line. */
  next(event: string, instanceId: string, from?: number): Promise<LogLine>;
  /** Waits until so many runs of the instance have completed, and gives all of its runs. */
  completed(instanceId: string, count: number): Promise<readonly RunRow[]>;
}

export interface SceneOptions {
  /** As in `every: 6s, max_incrementals: 20`. */
  readonly policy: string;
  readonly settings?: StageSettings;
  /** The project is there already, with another daemon. */
  readonly isKnown?: boolean;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

export const isOurs = ({ description }: Resource): boolean => parseMarker(String(description)) !== null;
export const reasonOf = (line: LogLine): Reason => line['because'] as Reason;

const gone = ({ request }: Tenant, id: string) =>
  waitFor(async () => (await request('GET', `/instances/${id}`)).status === 404, { timeoutMs: 60_000 });

/** The daemon is not started yet. Instances and daemon go with the test: two services must not share a region. */
export async function openScene(region: Region, project: string, options: SceneOptions): Promise<Scene> {
  if (!options.isKnown) await region.project(project);
  const user = await tenant(region, { username: project, password: project, project });
  const policies = `  - { name: ${project}, select: { projects: [${project}@Default] }, first_within: 2s, ${options.policy} }`;
  const stage = await setStage(region, policies, options.settings);
  const { daemon } = stage;
  const instances: string[] = [];
  cleanups.push(async () => {
    await stage.close();
    await region.control({ fail: [], swift_down: false, backup_s: 0.5 });
    for (const id of instances) {
      await waitFor(async () => (await user.request('DELETE', `/instances/${id}`)).status !== 422, {
        timeoutMs: 60_000,
      });
      await gone(user, id);
    }
  });
  const next: Scene['next'] = (event, instanceId, from = daemon.lines.length) =>
    daemon.event(event, { from, timeoutMs: 60_000, where: (line) => line['instance'] === instanceId });
  return {
    region,
    project,
    user,
    stage,
    async instance(name) {
      const { id } = await user.createInstance({ name });
      instances.push(id);
      await waitFor(async () => (await user.showInstance(id)).status === 'ACTIVE', {
        timeoutMs: 60_000,
        everyMs: 500,
      });
      return id;
    },
    goes: (instanceId) => void instances.push(instanceId),
    backups: async (instanceId) =>
      (await user.backups(instanceId)).toSorted((a, b) => String(a['created']).localeCompare(String(b['created']))),
    next,
    async completed(instanceId, count) {
      for (let n = 0, from = 0; n < count; n++) {
        const line = await next('run.completed', instanceId, from);
        from = daemon.lines.indexOf(line) + 1;
      }
      return stage.runs(instanceId);
    },
  };
}
