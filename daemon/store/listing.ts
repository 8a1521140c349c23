import type { Database } from 'better-sqlite3';
import type { ListingPort } from '../ports/listing.ts';
import { factsStore } from './listing-facts.ts';
import { overviewStore, regionStore } from './listing-overview.ts';
import { pageStore } from './listing-page.ts';
import { listedStore, scopeAllows } from './listing-rows.ts';
import { runsStore } from './listing-runs.ts';

/** On the connection of a reader: each call is a transaction, so that all of an answer is of one moment. */
export function listingStore(db: Database, rare?: number): ListingPort {
  const page = pageStore(db, rare);
  const listed = listedStore(db);
  const facts = factsStore(db);
  const runs = runsStore(db);
  const overview = db.transaction(overviewStore(db, listed));
  const region = db.transaction(regionStore(db));
  const instances = db.transaction((...[query, nowUtc]: Parameters<ListingPort['instances']>) => {
    const found = page(query, nowUtc);
    return found && { rows: listed(found.ids, nowUtc), next: found.next };
  });
  const instance = db.transaction((...[id, scope, nowUtc]: Parameters<ListingPort['instance']>) => {
    const [found] = listed([id], nowUtc);
    return found && scopeAllows(scope, found.instance.projectId) ? facts(found, nowUtc) : null;
  });
  return {
    instances: async (query, nowUtc) => instances(query, nowUtc),
    instance: async (id, scope, nowUtc) => instance(id, scope, nowUtc),
    runs: async (query) => runs.page(query),
    run: async (id, scope) => runs.one(id, scope),
    overview: async (scope, nowUtc) => overview(scope, nowUtc),
    region: async (nowUtc) => region(nowUtc),
    runsExceed: async (query, most) => runs.exceed(query, most),
  };
}
