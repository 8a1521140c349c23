import { expect, test } from 'vitest';
import { isAdmin, seesAll } from '../../../daemon/http/auth/admins.ts';
import type { SubjectScope } from '../../../lib/openstack/index.ts';

const HOME = { id: 'default', name: 'Default' };
const OTHER = { id: 'd2', name: 'Customers' };
const ID = '6b3754b1e1194cb48c33a897f7aca51d';

const project = (name: string, domain: typeof HOME | null = HOME, id = 'p1'): SubjectScope => ({
  kind: 'project',
  id,
  name,
  domain,
});
const SYSTEM: SubjectScope = { kind: 'system' };
const SETTINGS = { adminRoles: ['admin', 'cloud_admin'], adminProjects: ['service', 'ops@Customers', ID] };

test.each([
  { what: 'admin on a project that is named', scope: project('service'), roles: ['admin'], admin: true },
  { what: 'its name and his role in other case', scope: project('Service'), roles: ['ADMIN'], admin: true },
  { what: 'another of the roles', scope: project('service'), roles: ['cloud_admin'], admin: true },
  { what: 'a role that is none of them', scope: project('service'), roles: ['member', 'reader'], admin: false },
  { what: 'admin of his own project', scope: project('shop'), roles: ['admin'], admin: false },
  { what: 'a project so named in another domain', scope: project('service', OTHER), roles: ['admin'], admin: false },
  { what: 'a project with its domain', scope: project('ops', OTHER), roles: ['admin'], admin: true },
  { what: 'a project so named in the home domain', scope: project('ops'), roles: ['admin'], admin: false },
  { what: 'a project by its id', scope: project('any', OTHER, ID), roles: ['admin'], admin: true },
  { what: 'a project that is called like that id', scope: project(ID), roles: ['admin'], admin: false },
  { what: 'a project that is called name@domain', scope: project('ops@Customers'), roles: ['admin'], admin: false },
  { what: 'a project without a domain', scope: project('service', null), roles: ['admin'], admin: false },
  { what: 'admin of the system', scope: SYSTEM, roles: ['admin', 'member', 'reader'], admin: true },
  { what: 'a reader of the system', scope: SYSTEM, roles: ['reader'], admin: false, sees: true },
  { what: 'a token of a domain', scope: { kind: 'domain', ...HOME } as const, roles: ['admin'], admin: false },
  { what: 'a token of nothing', scope: { kind: 'none' } as const, roles: [], admin: false },
])('$what: admin $admin', ({ scope, roles, admin, sees = admin }) => {
  const subject = {
    token: { userId: 'u', userName: 'u', scope, roles, isDelegated: false, accessRules: null, expiresUtc: 0 },
    home: HOME,
  };
  expect([isAdmin(subject, SETTINGS), seesAll(subject, SETTINGS)]).toEqual([admin, sees]);
});

test('where the home is not known no name without a domain is believed', () => {
  const token = {
    userId: 'u',
    userName: 'u',
    scope: project('service'),
    roles: ['admin'],
    isDelegated: false,
    accessRules: null,
    expiresUtc: 0,
  };
  expect(isAdmin({ token, home: null }, SETTINGS)).toBe(false);
});
