import type { Routes } from '../../../daemon/http/api/server.ts';
import type { Reads } from '../../../daemon/http/reads.ts';
import { createReads } from '../../../daemon/http/reads.ts';
import { DAY, HOUR } from '../../core/builders.ts';
import { type FleetStore, fleetStore, type Member } from '../../store/fleet.ts';
import { NOW } from '../../store/world.ts';
import { type Answer, answerOf } from '../answer.ts';
import { labApi } from '../api/lab.ts';

export interface ReadsLab {
  readonly store: FleetStore;
  get(url: string, token?: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

/** A protected instance of `p1`, unless a test says otherwise. */
export const member = (over: Partial<Member> = {}): Member => ({
  id: 'db-1',
  projectId: 'p1',
  name: 'orders',
  datastore: 'mysql',
  createdUtc: NOW - 30 * DAY,
  goneUtc: null,
  policy: 'daily',
  nextSlotUtc: NOW + HOUR,
  newestPointUtc: NOW - HOUR,
  pausedUntilUtc: null,
  ...over,
});

/** Routes over a store in memory. */
export function readsLab(routesOf: (deps: { reads: Reads; clock: { nowUtc(): number } }) => Routes): ReadsLab {
  const store = fleetStore();
  const api = labApi(routesOf({ reads: createReads(store), clock: { nowUtc: () => NOW } }));
  return {
    store,
    async get(url, token = 'reader@p1', more = {}) {
      return answerOf(await api.inject({ url, headers: { 'x-auth-token': token, ...more } }));
    },
    async close() {
      await api.close();
      store.db.close();
    },
  };
}
