import type { Routes } from '../../../daemon/http/api/server.ts';
import { viewInstant } from '../../../daemon/http/api/view.ts';
import {
  type OverviewView,
  overviewQuery,
  overviewSchema,
  regionSchema,
} from '../../../daemon/http/contract/overview.ts';
import { because, type Language } from '../../../lib/core/index.ts';
import { HOUR, type Instance, NOW_UTC, PROJECTS, type State, tell, viewOf } from './fleet.ts';
import { random } from './random.ts';

type Action = OverviewView['attention'][number]['action'];
const MENDED_BY: Readonly<Record<string, Action>> = {
  quota: 'raise-quota',
  missed: 'back-up-now',
  'storage-away': 'wait',
  'no-role': 'grant-role',
  'backing-off': 'look-at-trove',
  'point-vanished': 'back-up-now',
  paused: 'resume',
  'opted-out': 'opt-in',
};
const MOST = 20;

function countsOf(rows: readonly Instance[]): Record<State, number> {
  const counts = { protected: 0, late: 0, unprotected: 0, paused: 0, excluded: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** Nights are full, days are not. */
function starts(hours: number, most: number) {
  const dice = random(3);
  return Array.from({ length: hours }, (_, i) => {
    const at = NOW_UTC + i * HOUR;
    const hour = (new Date(at).getUTCHours() + 7) % 24;
    const isNight = hour >= 22 || hour < 4;
    return { hour_at: viewInstant(at), starts: Math.round((isNight ? 0.5 + dice() / 2 : dice() * 0.06) * most) };
  });
}

function overviewOf(rows: readonly Instance[], language: Language): OverviewView {
  const needy = rows.filter(({ state }) => state === 'unprotected' || state === 'late');
  const worst = [...needy].sort((a, b) => (a.newest_point_at ?? '').localeCompare(b.newest_point_at ?? ''));
  const withPoint = rows.filter(({ newest_point_at }) => newest_point_at !== null);
  const oldest = [...withPoint].sort((a, b) => (a.newest_point_at ?? '').localeCompare(b.newest_point_at ?? ''));
  const failed = (runs: number, reason: Parameters<typeof tell>[0]) => ({ because: tell(reason, language), runs });
  const quota = because('quota-short', { ours: 61, others: 2, limit: 50, reserve: 1, ask: 64 });
  return {
    at: viewInstant(NOW_UTC),
    instances: rows.length,
    counts: countsOf(rows),
    attention: worst.slice(0, MOST).map((row) => ({
      instance: viewOf(row, language),
      action: MENDED_BY[row.why.rule] ?? 'look-at-trove',
    })),
    oldest: oldest.slice(0, 10).map((row) => viewOf(row, language)),
    starts: starts(24, Math.ceil(rows.length / 6)),
    failures:
      needy.length === 0
        ? []
        : [
            failed(31, because('quota', { inUse: 49, limit: 50, reserve: 1, ask: 64 })),
            failed(12, because('storage-away', { detail: 'Swift account not accessible' })),
            failed(2, because('no-role', { project: 'p-demo' })),
          ],
    quota: needy.length === 0 ? [] : [{ project_id: 'p-demo', because: tell(quota, language) }],
    datastores: [...new Set(rows.map(({ datastore }) => datastore.type))].sort(),
    policies: [...new Set(rows.flatMap(({ policy }) => policy ?? []))].sort(),
  };
}

export const sums =
  (fleet: () => readonly Instance[]): Routes =>
  (api) => {
    api.get(
      '/v1/overview',
      { config: { rule: 'overview:read' }, schema: { querystring: overviewQuery, response: { 200: overviewSchema } } },
      async ({ query, caller, language }) =>
        overviewOf(
          fleet().filter((row) => query.all_projects || row.project_id === (query.project_id ?? caller.projectId)),
          language,
        ),
    );
    api.get(
      '/v1/region',
      { config: { rule: 'region:read' }, schema: { response: { 200: regionSchema } } },
      async () => ({
        at: viewInstant(NOW_UTC),
        projects: PROJECTS.map(({ id, name }) => {
          const rows = fleet().filter(({ project_id }) => project_id === id);
          const points = rows.flatMap(({ newest_point_at }) => newest_point_at ?? []).sort();
          return {
            project_id: id,
            name,
            instances: rows.length,
            counts: countsOf(rows),
            oldest_point_at: points[0] ?? null,
          };
        }),
        starts: starts(168, Math.ceil(fleet().length / 6)),
        health: [
          { part: 'tasks', ok: true, detail: '14 run' },
          { part: 'log', ok: true, detail: 'written' },
          { part: 'store', ok: true, detail: 'schema 21' },
          { part: 'clock', ok: true, detail: 'as the cloud tells it, or not contradicted' },
          { part: 'cloud', ok: false, detail: 'Trove answered 503' },
          { part: 'bus', ok: true, detail: 'bound' },
        ],
      }),
    );
  };
