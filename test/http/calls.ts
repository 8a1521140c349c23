import type { Belongings } from './two-projects.ts';

/** How a route is called so that nothing but who calls can be wrong with it. */
export interface Call {
  readonly query?: string;
  readonly body?: (own: Belongings) => object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nobody is kept out, but it tells who somebody is, or is for who has signed in. */
  readonly isPersonal?: true;
}

/** What stands for `:id` below each of these. */
const IDS: Readonly<Record<string, keyof Omit<Belongings, 'secrets'>>> = {
  instances: 'instanceId',
  runs: 'runId',
  backups: 'backupId',
  prunes: 'backupId',
  policies: 'policyId',
};

const zone = 'Asia/Ho_Chi_Minh';
export const policy = (name: string) => ({ name, select: { names: ['none-*'] }, overrides: { zone } });

/** Every route of the web service: a new one has to be called by somebody here, or the tests of it fail. */
export const CALLS: Readonly<Record<string, Call>> = {
  'GET /': {},
  'GET /*': {},
  'GET /v1/openapi.json': {},
  'GET /v1/docs': {},
  'GET /v1/docs.css': {},
  'GET /v1/session': { isPersonal: true },
  'POST /v1/session': { isPersonal: true, body: () => ({ token: 'gAAAAABnonsense' }) },
  'PUT /v1/session': { isPersonal: true, body: ({ projectId }) => ({ project_id: projectId }) },
  'DELETE /v1/session': { isPersonal: true },
  'GET /v1/audit': {},
  'DELETE /v1/backups/:id': {},
  'PUT /v1/backups/:id/hold': { body: () => ({ note: 'kept' }) },
  'DELETE /v1/backups/:id/hold': {},
  'GET /v1/backups/:id/restore': {},
  'POST /v1/backups/:id/restore': { body: () => ({ name: 'restored', flavor_id: '1' }) },
  'GET /v1/events': {},
  'GET /v1/instances': {},
  'GET /v1/instances/:id': {},
  'GET /v1/instances/:id/backups': {},
  'POST /v1/instances/:id/runs': { body: () => ({}), headers: { 'idempotency-key': 'once' } },
  'GET /v1/instances/:id/explain': { query: 'at=2026-11-30T22:00:00Z' },
  'GET /v1/instances/:id/schedule': {},
  'GET /v1/instances/:id/slots': {},
  'PATCH /v1/instances/:id/schedule': { body: () => ({ zone }) },
  'DELETE /v1/instances/:id/schedule': {},
  'GET /v1/overview': {},
  'GET /v1/policies': {},
  'POST /v1/policies': { body: () => policy('another') },
  'POST /v1/policies/preview': { body: () => policy('another') },
  'GET /v1/policies/:id': {},
  'PUT /v1/policies/:id': { body: () => policy('changed') },
  'DELETE /v1/policies/:id': {},
  'GET /v1/prunes': {},
  'DELETE /v1/prunes/:id': {},
  'GET /v1/region': {},
  'GET /v1/runs': {},
  'GET /v1/runs/:id': {},
  'DELETE /v1/runs/:id': {},
};

export const pathFor = (url: string, own: Belongings): string =>
  url
    .replace(/\/(\w+)\/:(\w+)/g, (_, kind: string) => `/${kind}/${own[IDS[kind] ?? 'instanceId']}`)
    .replace('*', 'nothing-of-the-page');

/** The same path with ids that nobody has. */
export const pathForNobody = (url: string): string => url.replace(/:(\w+)/g, '00000000-0000-4000-8000-000000000000');
