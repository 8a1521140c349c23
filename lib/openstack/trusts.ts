import { z } from 'zod';
import { inheritLimits, startCall } from './call.ts';
import { createIdentityReader } from './identity-reader.ts';
import type { Keystone } from './keystone.ts';
import { utcSchema } from './time.ts';
import type { CallOptions, KeystoneEndpoint, Scope } from './types.ts';

/**
 * What a user (the trustor) lets another one (the trustee) do in a project. Keystone keeps no time of its making.
 * (Keystone: keystone/trust/backends/sql.py TrustModel)
 */
export interface Trust {
  readonly id: string;
  readonly trustorUserId: string;
  readonly trusteeUserId: string;
  /** Null for a trust that gives nothing. */
  readonly projectId: string | null;
  /** Whether the tokens are the trustor's; otherwise they are the trustee's with the trust's roles. */
  readonly impersonation: boolean;
  /** Null: it does not end. Keystone lists a trust that has ended, too. */
  readonly expiresUtc: number | null;
  /** Null: without limit. Each token takes one. (Keystone: keystone/api/_shared/authentication.py) */
  readonly remainingUses: number | null;
  /** The list leaves deleted ones out. */
  readonly deleted: boolean;
  /** Names; only `show` tells them. (Keystone: keystone/api/trusts.py _list_trusts drops them) */
  readonly roles?: readonly string[];
}

export interface Trusts {
  /**
   * Those whose trustee is the user of `scope`'s token. Every trustee may list his own.
   * (Keystone: keystone/common/policies/trust.py list_trusts_for_trustee)
   */
  received(scope: Scope, call?: CallOptions): Promise<readonly Trust[]>;
  /**
   * One of them, with its roles.
   * @throws OpenStackError `not-found` for one that has ended, is used up or never was
   */
  show(id: string, scope: Scope, call?: CallOptions): Promise<Trust>;
}

const trustSchema = z
  .object({
    id: z.string(),
    trustor_user_id: z.string(),
    trustee_user_id: z.string(),
    project_id: z.string().nullish(),
    impersonation: z.boolean(),
    expires_at: utcSchema.nullish(),
    remaining_uses: z.number().nullish(),
    deleted_at: utcSchema.nullish(),
    roles: z.array(z.object({ name: z.string() })).optional(),
  })
  .transform(
    ({ id, impersonation, roles, ...row }): Trust => ({
      id,
      trustorUserId: row.trustor_user_id,
      trusteeUserId: row.trustee_user_id,
      projectId: row.project_id ?? null,
      impersonation,
      expiresUtc: row.expires_at ?? null,
      remainingUses: row.remaining_uses ?? null,
      deleted: (row.deleted_at ?? null) !== null,
      ...(roles && { roles: roles.map(({ name }) => name) }),
    }),
  );
const trustsBody = z.object({ trusts: z.array(trustSchema) });
const trustBody = z.object({ trust: trustSchema });

/** Looks trusts up in Keystone, with tokens of `keystone`; `options` are those it was made with. */
export function createTrusts(keystone: Keystone, options: KeystoneEndpoint): Trusts {
  const { read } = createIdentityReader(keystone, options);
  return {
    async received(scope, limits) {
      const call = startCall(limits);
      const { userId } = await keystone.token({ scope, ...inheritLimits(call) });
      const query = new URLSearchParams({ trustee_user_id: userId });
      return (await read(`/OS-TRUST/trusts?${query}`, trustsBody, scope, call)).trusts;
    },
    async show(id, scope, limits) {
      const path = `/OS-TRUST/trusts/${encodeURIComponent(id)}`;
      return (await read(path, trustBody, scope, startCall(limits))).trust;
    },
  };
}
