import type { BusListener } from './bus.ts';
import { createCatalogue, DATABASE_PATH, IDENTITY_PATH } from './catalogue.ts';
import { createWorld, type RegionOptions } from './create-world.ts';
import type { Project, User } from './identity.ts';
import { answerKeystone } from './keystone.ts';
import type { Quota, Resource } from './quota.ts';
import { type InstanceChange, type NewBackup, type NewInstance, Staging } from './staging.ts';
import { type Fetch, type Interceptor, Wire } from './transport.ts';
import { answerTrove } from './trove.ts';
import type { Backup, Control, Instance } from './world.ts';

/** Keystone and Trove in memory, answering as trove-api 18 does. */
export interface Region {
  /** Answers as both services would; takes what `globalThis.fetch` takes, and needs no `this`. An abort rejects, the work goes on. */
  readonly fetch: Fetch;
  /** Keystone's v3 url, for `OS_AUTH_URL`. */
  readonly authUrl: string;
  readonly origin: string;
  /** When a server in front of the region has got its port: the catalogue follows. */
  setOrigin(origin: string): void;
  /** Stands between the caller and the region: may delay, cut, or drop an answer after its effect. The answer takes it off. */
  intercept(interceptor: Interceptor): () => void;
  /** Raw oslo.messaging bodies, in the order a broker would deliver them. The answer ends it. */
  onNotification(listener: BusListener): () => void;
  readonly control: Control;

  createProject(project: { readonly name: string; readonly description?: string }): Project;
  createUser(user: { readonly name: string; readonly password: string; readonly defaultProjectId?: string }): User;
  grant(userId: string, role: string, projectId: string): void;
  revoke(userId: string, role: string, projectId: string): void;
  /** The role on every project of the domain, the later ones included (OS-INHERIT). */
  grantInherited(userId: string, role: string): void;
  revokeInherited(userId: string, role: string): void;
  /** admin/secret@admin, demo/demo@demo, alt/alt@alt, reader/reader@demo, trove/trove@service, and autobackup/autobackup with `database_backup` inherited on all projects and `admin` on service. */
  seedStandardIdentities(): void;
  /** Its limit, or what Trove's counters say, which need not be true. */
  setQuota(projectId: string, resource: Resource, quota: Partial<Quota>): void;

  /** A ready instance, at once and without a word on the bus; by HTTP it would take its time and be told. */
  createInstance(instance: NewInstance): Instance;
  changeInstance(id: string, change: InstanceChange): void;
  /** Gone at once, its backups stay, nothing on the bus. */
  deleteInstance(id: string): void;
  /** A finished backup, at once: history. */
  createBackup(backup: NewBackup): Backup;
  /** Gone at once, this row alone. */
  deleteBackup(id: string): void;

  /** Rows in the order of their making, deleted ones included. */
  instances(): readonly Instance[];
  backups(): readonly Backup[];
  projects(): readonly Project[];
}

/** Makes a region. Nothing in it but the `Default` domain, MySQL and PostgreSQL. */
export function createRegion(options: RegionOptions = {}): Region {
  const world = createWorld(options);
  const catalogue = createCatalogue(world.ids, world.region);
  const wire = new Wire(async (request) => {
    const url = new URL(request.url);
    if (url.pathname.startsWith(IDENTITY_PATH)) return answerKeystone(world, catalogue, request, url);
    if (url.pathname.startsWith(DATABASE_PATH)) return answerTrove(world, request, url);
    return new Response(null, { status: 404 });
  });
  const { identity, tables } = world;
  const staging = new Staging(world);
  return {
    fetch: wire.fetch,
    get authUrl() {
      return `${world.origin}${IDENTITY_PATH}`;
    },
    get origin() {
      return world.origin;
    },
    setOrigin: (origin) => {
      world.origin = origin;
    },
    intercept: (interceptor) => wire.intercept(interceptor),
    onNotification: (listener) => world.bus.listen(listener),
    control: world.control,
    createProject: ({ name, description }) => identity.createProject(name, description),
    createUser: ({ name, password, defaultProjectId }) => identity.createUser(name, password, defaultProjectId),
    grant: (userId, role, projectId) => identity.grant(userId, role, projectId),
    revoke: (userId, role, projectId) => identity.revoke(userId, role, projectId),
    grantInherited: (userId, role) => identity.grantInherited(userId, role),
    revokeInherited: (userId, role) => identity.revokeInherited(userId, role),
    seedStandardIdentities: () => staging.seedIdentities(),
    setQuota: (projectId, resource, quota) => world.quotas.set(projectId, resource, quota),
    createInstance: (instance) => staging.createInstance(instance),
    changeInstance: (id, change) => staging.changeInstance(id, change),
    deleteInstance: (id) => staging.deleteInstance(id),
    createBackup: (backup) => staging.createBackup(backup),
    deleteBackup: (id) => staging.deleteBackup(id),
    instances: () => [...tables.instances.values()],
    backups: () => [...tables.backups.values()],
    projects: () => [...identity.projects.values()],
  };
}
