export type {
  ApplicationCredentialAuth,
  Auth,
  DomainRef,
  PasswordAuth,
  Secret,
  SimpleAuth,
  TokenAuth,
  UserRef,
} from './auth.ts';
export type { Endpoint } from './catalogue.ts';
export { type Delivery, type ErrorCode, mayHaveHappened, OpenStackError } from './errors.ts';
export { createGivenKeystone, GIVEN_SCOPE } from './given-token.ts';
export { createKeystone, type Keystone, type TokenOptions } from './keystone.ts';
export { createNeutron, type Neutron } from './neutron/networks.ts';
export { createOwnToken, type OwnProject, type OwnToken } from './own-token.ts';
export { createProjects, type NamedProject, type Project, type Projects } from './projects.ts';
export {
  type AccessRule,
  createSubjects,
  type SubjectScope,
  type Subjects,
  type SubjectsOptions,
  type SubjectToken,
} from './subjects.ts';
export { Token } from './token.ts';
export type { InstanceFilter } from './trove/instances.ts';
export { createTrove, type ProjectClient, type RegionClient, type Trove, type TroveOptions } from './trove/trove.ts';
export { createTrusts, type Trust, type Trusts } from './trusts.ts';
export type {
  Admission,
  Answer,
  Backup,
  CallOptions,
  CompleteList,
  Datastore,
  DatastoreVersion,
  Flavor,
  FreshInstance,
  HttpOptions,
  Instance,
  Interface,
  KeystoneEndpoint,
  KeystoneOptions,
  Limits,
  ListOptions,
  Network,
  NewBackup,
  NewInstance,
  OddRow,
  Quotas,
  QuotaUsage,
  RateLimit,
  RequestIds,
  Scope,
  WriteOptions,
} from './types.ts';
