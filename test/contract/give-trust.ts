import type { User } from './user.ts';

export interface TrustFields {
  readonly impersonation?: boolean;
  readonly expires_at?: string;
  readonly remaining_uses?: number;
}

/** A member lets the user with that id act in his project; gives the trust's id. */
export async function giveTrust(member: User, trusteeId: string, fields: TrustFields = {}): Promise<string> {
  const trust = {
    trustor_user_id: member.userId,
    trustee_user_id: trusteeId,
    project_id: member.projectId,
    impersonation: false,
    roles: [{ name: 'member' }],
    ...fields,
  };
  const { status, body } = await member.keystone('/OS-TRUST/trusts', {}, 'POST', { trust });
  if (status !== 201) throw new Error(`no trust: ${status} ${JSON.stringify(body)}`);
  return (body as { readonly trust: { readonly id: string } }).trust.id;
}

export async function takeTrustBack(member: User, id: string): Promise<void> {
  const { status, body } = await member.keystone(`/OS-TRUST/trusts/${id}`, {}, 'DELETE');
  if (status !== 204) throw new Error(`the trust stays: ${status} ${JSON.stringify(body)}`);
}
