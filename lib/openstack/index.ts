export type { Endpoint } from './catalogue.ts';
export { type Delivery, type ErrorCode, mayHaveHappened, OpenStackError } from './errors.ts';
export { createKeystone, type Keystone, type TokenOptions } from './keystone.ts';
export { createProjects, type NamedProject, type Projects } from './projects.ts';
export { Token } from './token.ts';
export { createTrove, type ProjectClient, type RegionClient, type Trove, type TroveOptions } from './trove/trove.ts';
export type {
  Answer,
  Backup,
  CallOptions,
  CompleteList,
  HttpOptions,
  Instance,
  Interface,
  KeystoneOptions,
  Limits,
  NewBackup,
  NewInstance,
  Quotas,
  QuotaUsage,
  RateLimit,
  Scope,
} from './types.ts';
