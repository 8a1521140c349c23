import { createHash } from 'node:crypto';
import type { InstancesQuery, ListingPort, RunsQuery, Scope } from '../ports/listing.ts';
import { linksAfter } from './api/page.ts';
import type { As } from './api/view.ts';
import { viewFacts, viewListed } from './views/instance.ts';
import { type Beside, viewOverview, viewRegion } from './views/overview.ts';
import { csvOf, viewRun } from './views/run.ts';

/** An answer as it is sent. Written where the rows are read, so that the thread that all wait for only passes it on. */
export interface Written {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** The ids of the instances that it shows, where it is a page of them. */
  readonly shows?: readonly string[];
}

/** A part of a download, and the marker of the one behind. */
export interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly next: string | null;
}

/** `search`: the query that was asked with, for the links of the answer. */
export type AsAsked = As & { readonly search: string };

/** What the web service shows of the store. Null where there is no such thing in the scope, or nothing with the marker. */
export interface Reads {
  instances(query: InstancesQuery, as: AsAsked): Promise<Written | null>;
  instance(id: string, scope: Scope, as: As): Promise<Written | null>;
  runs(query: RunsQuery, as: AsAsked): Promise<Written | null>;
  run(id: string, scope: Scope, as: As): Promise<Written | null>;
  overview(scope: Scope, as: As): Promise<Written>;
  region(beside: Beside, as: As): Promise<Written>;
  runsExceed(query: RunsQuery, most: number): Promise<boolean>;
  /** Lines without the head. */
  runsCsv(query: RunsQuery, as: As): Promise<Part | null>;
}

const encoder = new TextEncoder();
function write(answer: object): Written {
  const bytes = encoder.encode(JSON.stringify(answer));
  return { bytes, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"` };
}

export function createReads(listing: ListingPort): Reads {
  return {
    async instances(query, as) {
      const page = await listing.instances(query, as.nowUtc);
      if (!page) return null;
      const instances = page.rows.map((row) => viewListed(row, as));
      const written = write({ instances, instances_links: linksAfter(page.next, as.search) });
      return { ...written, shows: page.rows.map(({ instance }) => instance.id) };
    },
    async instance(id, scope, as) {
      const facts = await listing.instance(id, scope, as.nowUtc);
      return facts && write({ instance: viewFacts(facts, as) });
    },
    async runs(query, as) {
      const page = await listing.runs(query);
      if (!page) return null;
      return write({ runs: page.rows.map((row) => viewRun(row, as)), runs_links: linksAfter(page.next, as.search) });
    },
    async run(id, scope, as) {
      const run = await listing.run(id, scope);
      return run && write({ run: viewRun(run, as) });
    },
    overview: async (scope, as) => write(viewOverview(await listing.overview(scope, as.nowUtc), as)),
    region: async (beside, as) => write(viewRegion(await listing.region(as.nowUtc), beside, as)),
    runsExceed: (query, most) => listing.runsExceed(query, most),
    async runsCsv(query, as) {
      const page = await listing.runs(query);
      if (!page) return null;
      return { bytes: encoder.encode(page.rows.map((row) => csvOf(viewRun(row, as))).join('')), next: page.next };
    },
  };
}
