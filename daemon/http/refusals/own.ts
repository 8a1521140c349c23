import type { Reason } from '../../../lib/core/index.ts';

type Nothing = Record<never, never>;
interface Again {
  /** To wait before it is worth another try. */
  readonly seconds: string;
}

/** What the service refuses by itself, before anything is asked of Trove. */
export interface OwnRefusals {
  // Who may come in
  unauthorized: { readonly token: 'missing' | 'malformed' | 'unknown' };
  'access-rules': Nothing;
  'no-project': { readonly scope: 'domain' | 'none' };
  'keystone-unavailable': Again & { readonly asked: 'sign-in' | 'token' };
  'keystone-full': Again;
  'sign-in-refused': Nothing;
  'session-over': Nothing;
  'token-over': Nothing;
  /** `project` by its id, or by its name with its domain; null: one's default project. */
  'no-role': { readonly project: string | null; readonly domain: string | null };
  'no-role-anywhere': Nothing;
  'token-of-one-project': Nothing;
  'no-session': Nothing;
  'cross-origin': Nothing;
  csrf: Nothing;

  // What one may
  forbidden: { readonly project: string; readonly rule: string };
  'forbidden-elsewhere': Nothing;
  'forbidden-region': Nothing;
  'forbidden-now': Nothing;
  'too-many-requests': Again & { readonly project: string };
  'too-many-at-once': Again & { readonly project: string };
  'too-many-guesses': Again;
  'too-many-sign-ins': Again;
  'too-many-switches': Again;
  'too-many-streams': Again & { readonly most: number };

  // What is there
  'not-found': { readonly what: 'backup' | 'instance' | 'policy' | 'run'; readonly id: string };
  'changed-meanwhile': { readonly what: 'policy' | 'schedule' };
  'if-match-missing': { readonly what: 'policy' | 'schedule' };
  'too-many-runs': { readonly most: number };

  // Of a schedule or a policy
  'no-schedule': { readonly because: Reason };
  'schedule-out-of-bounds': { readonly because: Reason };
  /** `over`: the instance, or the operator's policy, for which it may not be. */
  'policy-out-of-bounds': { readonly because: Reason; readonly over: string };
  'read-only': { readonly policy: string };
  'name-taken': Nothing;
  'too-many-policies': Nothing;

  // By the cloud, or by a fault of the service
  'shut-out': { readonly because: Reason };
  'cloud-unavailable': { readonly because: Reason };
  internal: Nothing;
}

/** Where programs read another title: several sentences have one. */
export const OWN_TITLES: Readonly<Partial<Record<keyof OwnRefusals, string>>> = {
  'keystone-full': 'keystone-unavailable',
  'session-over': 'signed-out',
  'token-over': 'signed-out',
  'no-role-anywhere': 'no-role',
  'token-of-one-project': 'no-role',
  'forbidden-elsewhere': 'forbidden',
  'forbidden-region': 'forbidden',
  'forbidden-now': 'forbidden',
  'too-many-at-once': 'too-many-requests',
  'too-many-guesses': 'too-many-requests',
  'too-many-sign-ins': 'too-many-requests',
  'too-many-switches': 'too-many-requests',
  'too-many-runs': 'too-many',
  'too-many-policies': 'too-many',
};

export const OWN_STATUS: Readonly<Record<keyof OwnRefusals, number>> = {
  unauthorized: 401,
  'access-rules': 401,
  'no-project': 403,
  'keystone-unavailable': 503,
  'keystone-full': 503,
  'sign-in-refused': 401,
  'session-over': 401,
  'token-over': 401,
  'no-role': 403,
  'no-role-anywhere': 403,
  'token-of-one-project': 403,
  'no-session': 400,
  'cross-origin': 403,
  csrf: 403,
  forbidden: 403,
  'forbidden-elsewhere': 403,
  'forbidden-region': 403,
  'forbidden-now': 403,
  'too-many-requests': 429,
  'too-many-at-once': 429,
  'too-many-guesses': 429,
  'too-many-sign-ins': 429,
  'too-many-switches': 429,
  'too-many-streams': 429,
  'not-found': 404,
  'changed-meanwhile': 412,
  'if-match-missing': 428,
  'too-many-runs': 400,
  'no-schedule': 409,
  'schedule-out-of-bounds': 409,
  'policy-out-of-bounds': 409,
  'read-only': 405,
  'name-taken': 409,
  'too-many-policies': 409,
  'shut-out': 409,
  'cloud-unavailable': 503,
  internal: 500,
};
