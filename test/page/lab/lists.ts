import type { Routes } from '../../../daemon/http/api/server.ts';
import { type InstanceRow, instancesQuery, instancesSchema } from '../../../daemon/http/contract/instance.ts';
import { policiesSchema } from '../../../daemon/http/contract/policy.ts';
import { type Instance, viewOf } from './fleet.ts';

const fold = (text: string): string => text.toLowerCase();

/** The list of instances as the store gives it: filtered, sorted, a page at a time. */
export const lists =
  (fleet: () => readonly Instance[]): Routes =>
  (api) => {
    api.get(
      '/v1/instances',
      {
        config: { rule: 'instance:read' },
        schema: { querystring: instancesQuery, response: { 200: instancesSchema } },
      },
      async ({ query, caller, language, url }) => {
        const { sort_key: key, sort_dir, name, state, datastore, policy, limit, marker } = query;
        const projectId = query.all_projects ? null : (query.project_id ?? caller.projectId);
        const wanted = fleet().filter(
          (row) =>
            (projectId === null || row.project_id === projectId) &&
            (row.gone_at !== null) === query.deleted &&
            (!name || fold(row.name).includes(fold(name)) || row.id.includes(name)) &&
            (!state || row.state === state) &&
            (!datastore || row.datastore.type === datastore) &&
            (!policy || row.policy === policy),
        );
        const text = (row: Instance): string => `${row[key] ?? ''} ${row.id}`;
        const way = sort_dir === 'asc' ? 1 : -1;
        const sorted = wanted.sort((a, b) => way * (text(a) < text(b) ? -1 : 1));
        const from = marker ? sorted.findIndex(({ id }) => id === marker) + 1 : 0;
        const rows: InstanceRow[] = sorted.slice(from, from + limit).map((row) => viewOf(row, language));
        const last = rows.at(-1);
        const next = new URLSearchParams(url.split('?')[1]);
        next.set('marker', last?.id ?? '');
        const links = last && rows.length === limit ? [{ rel: 'next', href: `?${next}` }] : [];
        return { instances: rows, instances_links: links };
      },
    );
  };

/** A project without any. */
export const noPolicies: Routes = (api) => {
  api.get(
    '/v1/policies',
    { config: { rule: 'policy:read' }, schema: { response: { 200: policiesSchema } } },
    async () => ({ policies: [] }),
  );
};
