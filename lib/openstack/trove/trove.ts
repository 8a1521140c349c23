import type { Keystone } from '../keystone.ts';
import { createSessions, type Session } from '../session.ts';
import type {
  Backup,
  CallOptions,
  CompleteList,
  Datastore,
  DatastoreVersion,
  Flavor,
  HttpOptions,
  Instance,
  Limits,
  ListOptions,
  NewBackup,
  NewInstance,
  Quotas,
  RequestIds,
  Scope,
  WriteOptions,
} from '../types.ts';
import { type BackupFilter, createBackup, deleteBackup, eachBackup, listBackups, showBackup } from './backups.ts';
import { listDatastores, listVersions, showDatastore } from './datastores.ts';
import { type FlavorFilter, listFlavors, showFlavor } from './flavors.ts';
import {
  createInstance,
  deleteInstance,
  type InstanceFilter,
  listInstances,
  listRegionInstances,
  showAnyones,
  showInstance,
} from './instances.ts';
import { showLimits, showQuotas } from './quotas.ts';

export type TroveOptions = HttpOptions;

/** One region's Trove. */
export interface Trove {
  /** With tokens of one project: its own instances and backups. */
  project(scope: Scope): ProjectClient;
  /** With an admin's token: reads every project, writes nothing. */
  region(adminScope: Scope): RegionClient;
}

export interface ProjectClient {
  readonly instances: {
    show(id: string, call?: CallOptions): Promise<Instance>;
    /** Page by page, by id: a page is asked for when the one before is used up. */
    list(call?: ListOptions): AsyncIterableIterator<Instance>;
    create(instance: NewInstance, call?: CallOptions): Promise<Instance>;
    delete(id: string, call?: CallOptions): Promise<void>;
  };
  readonly backups: {
    show(id: string, call?: CallOptions): Promise<Backup>;
    /** All of them, as they are at the end, newest change first. */
    list(filter?: { readonly instanceId?: string | undefined }, call?: ListOptions): Promise<CompleteList<Backup>>;
    /**
     * Each once, as it is found, newest change first but for those that change meanwhile; a page is asked for when the one
     * before is used up. None is passed over, however the rows move between the pages.
     * @throws OpenStackError `incomplete` at its end, where that could not be
     */
    each(filter?: { readonly instanceId?: string | undefined }, call?: ListOptions): AsyncIterableIterator<Backup>;
    /** With a fresh token, sent once and never again: see `mayHaveHappened` for what an error means. */
    create(backup: NewBackup, call?: WriteOptions): Promise<Backup & RequestIds>;
    /** Takes all its children with it. With a fresh token, sent once. Done means accepted, not gone. */
    delete(id: string, call?: WriteOptions): Promise<void>;
  };
  readonly datastores: {
    list(call?: CallOptions): Promise<readonly Datastore[]>;
    /** By id or name. */
    show(id: string, call?: CallOptions): Promise<Datastore>;
    versions(id: string, call?: CallOptions): Promise<readonly DatastoreVersion[]>;
  };
  readonly flavors: {
    list(filter?: FlavorFilter, call?: CallOptions): Promise<readonly Flavor[]>;
    show(id: string, call?: CallOptions): Promise<Flavor>;
  };
  /** How much of its quotas the project uses. */
  quotas(call?: CallOptions): Promise<Quotas>;
  /** What the project may have, and how many requests a minute its tokens are good for. */
  limits(call?: CallOptions): Promise<Limits>;
}

export interface RegionClient {
  /** All instances of all projects, or of one, members of clusters included, deleted ones not. */
  instances(filter?: InstanceFilter, call?: ListOptions): Promise<CompleteList<Instance>>;
  instance(id: string, call?: CallOptions): Promise<Instance>;
  /** All backups of all projects, or of one. */
  backups(filter?: BackupFilter, call?: ListOptions): Promise<CompleteList<Backup>>;
  backup(id: string, call?: CallOptions): Promise<Backup>;
}

/** Trove v1.0, with the tokens and at the URL that Keystone gives. */
export function createTrove(keystone: Keystone, options: TroveOptions = {}): Trove {
  const open = createSessions(keystone, { name: 'database', url: keystone.databaseUrl }, options);
  return { project: (scope) => projectClient(open(scope)), region: (scope) => regionClient(open(scope)) };
}

function projectClient(session: Session): ProjectClient {
  return {
    instances: {
      show: (id, call) => showInstance(session, id, call),
      list: (call) => listInstances(session, call),
      create: (instance, call) => createInstance(session, instance, call),
      delete: (id, call) => deleteInstance(session, id, call),
    },
    backups: {
      show: (id, call) => showBackup(session, id, call),
      list: ({ instanceId } = {}, call) => listBackups(session, { instanceId }, call),
      each: ({ instanceId } = {}, call) => eachBackup(session, { instanceId }, call),
      create: (backup, call) => createBackup(session, backup, call),
      delete: (id, call) => deleteBackup(session, id, call),
    },
    datastores: {
      list: (call) => listDatastores(session, call),
      show: (id, call) => showDatastore(session, id, call),
      versions: (id, call) => listVersions(session, id, call),
    },
    flavors: {
      list: (filter = {}, call) => listFlavors(session, filter, call),
      show: (id, call) => showFlavor(session, id, call),
    },
    quotas: (call) => showQuotas(session, call),
    limits: (call) => showLimits(session, call),
  };
}

function regionClient(session: Session): RegionClient {
  return {
    instances: (filter = {}, call) => listRegionInstances(session, filter, call),
    // Not mgmt/instances/{id}: that one asks Nova, Cinder and the guest too, and tells an admin no more that is of use.
    instance: (id, call) => showAnyones(session, id, call),
    backups: ({ projectId = 'all', ...filter } = {}, call) => listBackups(session, { ...filter, projectId }, call),
    backup: (id, call) => showBackup(session, id, call),
  };
}
