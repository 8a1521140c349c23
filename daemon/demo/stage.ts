import type { Instance, Interceptor, Region } from '../../lib/simulator/index.ts';
import {
  type Action,
  EXCLUDED_PROJECT,
  type NewDatabase,
  OLD_DATABASES,
  type Order,
  PROJECTS,
  START_UTC,
} from './story.ts';
import { type Tenant, tenantOf } from './tenant.ts';

const ACCEPTED = 202;
const DAY = 86_400_000;
/** The region knows no MariaDB until there is one. */
const MARIADB = '10.6';
const BACKUPS_PATH = /\/backups$/;

/** Carries the story out: tenants act over HTTP as people do, misfortunes come from behind. */
export interface Stage {
  /** The project that the operator excludes. */
  readonly excludedId: string;
  perform(action: Action): Promise<void>;
  /** To be called now and then: a misfortune that has happened once is over. */
  tend(): void;
}

export function setStage(region: Region, url: string): Stage {
  region.seedStandardIdentities();
  const tenants = new Map(PROJECTS.map((name) => [name as string, moveIn(region, url, name)]));
  for (const { project, name, datastore } of OLD_DATABASES) {
    const version = datastore === 'mariadb' ? { version: MARIADB } : {};
    region.createInstance({ projectName: project, name, datastore, ...version, createdUtc: START_UTC - 100 * DAY });
  }
  const failing = new Set<string>();

  const tenant = (project: string): Tenant => {
    const found = tenants.get(project);
    if (!found) throw new Error(`the story knows no project ${project}`);
    return found;
  };
  const find = ({ project, name }: Order): Instance => {
    const { projectId } = tenant(project);
    const found = region.instances().find((one) => one.projectId === projectId && one.name === name);
    if (!found) throw new Error(`the story knows no instance ${project}/${name}`);
    return found;
  };
  const create = (database: NewDatabase): Promise<void> => {
    const { project, name, datastore, replicaOf } = database;
    const master = replicaOf === undefined ? null : find({ project, name: replicaOf }).id;
    return tenant(project).createDatabase({ name, datastore, master });
  };

  return {
    excludedId: tenant(EXCLUDED_PROJECT).projectId,
    async perform(action) {
      switch (action.kind) {
        case 'create':
          return create(action);
        case 'delete':
          return tenant(action.project).deleteDatabase(find(action).id);
        case 'detach':
          return region.changeInstance(find(action).id, { replicaOf: null });
        case 'fail-next':
          failing.add(find(action).id);
          region.control.failBackupsOf.add(find(action).id);
          return;
        case 'lose-answer':
          loseOneAnswer(region, find(action).id);
      }
    },
    tend() {
      for (const id of failing) {
        if (!region.backups().some(({ instanceId, status }) => instanceId === id && status === 'FAILED')) continue;
        failing.delete(id);
        region.control.failBackupsOf.delete(id);
      }
    },
  };
}

function moveIn(region: Region, url: string, name: string): Tenant {
  const project = region.createProject({ name });
  const user = region.createUser({ name, password: name });
  region.grant(user.id, 'member', project.id);
  // The demo shows schedules, not quotas: twelve days of four backups a day are more than the 50 a project gets.
  region.setQuota(project.id, 'backups', { limit: -1 });
  return tenantOf({ url, projectId: project.id, name });
}

function loseOneAnswer(region: Region, instanceId: string): void {
  const interceptor: Interceptor = async (request, next) => {
    const order = request.method === 'POST' && BACKUPS_PATH.test(new URL(request.url).pathname);
    if (!order || !(await request.clone().text()).includes(`"instance":"${instanceId}"`)) return next(request);
    const answer = await next(request);
    if (answer.status !== ACCEPTED) return answer;
    takeOff();
    throw new Error('the answer is lost on its way');
  };
  const takeOff = region.intercept(interceptor);
}
