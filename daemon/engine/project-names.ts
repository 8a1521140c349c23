import type { Selector } from '../../lib/core/index.ts';
import { type CloudPort, CloudUnavailable } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import type { ProjectNames } from './enrol.ts';
import type { EngineSettings } from './settings.ts';

export interface ProjectNamer {
  /** Asks Keystone again. Names that were found once hold on while it is away. */
  refresh(settings: EngineSettings, signal: AbortSignal): Promise<void>;
  /** Asks only for what was never found: before it is known, what is excluded could be backed up. */
  of(settings: EngineSettings, signal: AbortSignal): Promise<ProjectNames>;
}

const namedProjects = ({ projects }: Pick<Selector, 'projects'>): readonly string[] =>
  projects.filter((name) => name.includes('@'));
const namesIn = ({ policies, exclude, confirmGone }: EngineSettings): ReadonlySet<string> =>
  new Set([{ projects: confirmGone }, exclude, ...policies.map(({ select }) => select)].flatMap(namedProjects));

const UNKNOWN = 'no such project; check policies, exclude and reconcile.confirm_gone';

/** Which projects the settings mean by `name@domain`. */
export function createProjectNamer({ cloud, log }: { cloud: CloudPort; log: Log }): ProjectNamer {
  /** null: Keystone knows no such project. */
  const ids = new Map<string, string | null>();

  async function find(names: Iterable<string>, signal: AbortSignal): Promise<void> {
    for (const name of names) {
      const id = await cloud.projectId(name, signal);
      const before = ids.get(name) ?? null;
      // One answer that lacks it must neither end a schedule nor lift an exclusion.
      if (id === null && before !== null) {
        const hint = `still meant: id ${before}; correct policies and exclude, and restart, if it is really gone`;
        log.error('project.unknown', { project: name, hint });
        continue;
      }
      ids.set(name, id);
      if (id === null) log.warn('project.unknown', { project: name, hint: UNKNOWN });
    }
  }

  return {
    async refresh(settings, signal) {
      const names = namesIn(settings);
      try {
        await find(names, signal);
      } catch (error) {
        if (!(error instanceof CloudUnavailable) || ![...names].every((name) => ids.has(name))) throw error;
        log.warn('project.unreadable', { because: error.reason });
      }
    },
    async of(settings, signal) {
      const names = [...namesIn(settings)];
      await find(
        names.filter((name) => !ids.has(name)),
        signal,
      );
      return Map.groupBy(
        names.filter((name) => ids.get(name) !== null),
        (name) => ids.get(name) ?? '',
      );
    },
  };
}
