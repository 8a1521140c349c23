import type { Role } from './identity.ts';
import type { Ids } from './random.ts';

/** A trustor lets a trustee act in one of his projects. Instants are epoch milliseconds. */
export interface TrustRow {
  readonly id: string;
  readonly trustorId: string;
  readonly trusteeId: string;
  readonly projectId: string;
  /** Whether the trustee's tokens name the trustor as their user. */
  readonly impersonation: boolean;
  readonly roles: readonly Role[];
  readonly expiresUtc: number | null;
  remainingUses: number | null;
}

/** What a program may ask of which service. Keystone: keystone/application_credential/schema.py */
export interface AccessRule {
  readonly id: string;
  readonly service: string;
  readonly path: string;
  readonly method: string;
}

/** A user lets a program act in his stead, in one project. */
export interface CredentialRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly secret: string;
  readonly userId: string;
  readonly projectId: string | null;
  readonly roles: readonly Role[];
  readonly expiresUtc: number | null;
  /** As it was asked for: null counts as restricted. */
  readonly unrestricted: boolean | null;
  /** Null: whatever its roles allow. Keystone takes an empty list for that too. */
  readonly accessRules: readonly AccessRule[] | null;
}

/** What users have handed on: trusts and application credentials. */
export class Delegations {
  readonly #trusts = new Map<string, TrustRow>();
  readonly #credentials = new Map<string, CredentialRow>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  addTrust(fields: Omit<TrustRow, 'id'>): TrustRow {
    const trust: TrustRow = { id: this.#ids.hex(), ...fields };
    this.#trusts.set(trust.id, trust);
    return trust;
  }

  /** A trust that has not run out. */
  trust(id: string, nowUtc: number): TrustRow | undefined {
    const trust = this.#trusts.get(id);
    return trust !== undefined && (trust.expiresUtc === null || trust.expiresUtc > nowUtc) ? trust : undefined;
  }

  /** All that were made and not deleted, those that have run out included, as Keystone lists them. */
  trusts(): readonly TrustRow[] {
    return [...this.#trusts.values()];
  }

  deleteTrust(id: string): void {
    this.#trusts.delete(id);
  }

  addCredential(fields: Omit<CredentialRow, 'id' | 'secret'> & { readonly secret: string | null }): CredentialRow {
    const secret = fields.secret ?? this.#ids.hex() + this.#ids.hex();
    const credential: CredentialRow = { ...fields, id: this.#ids.hex(), secret };
    this.#credentials.set(credential.id, credential);
    return credential;
  }

  credential(id: string): CredentialRow | undefined {
    return this.#credentials.get(id);
  }

  credentialsOf(userId: string): readonly CredentialRow[] {
    return [...this.#credentials.values()].filter((one) => one.userId === userId);
  }

  deleteCredential(id: string): void {
    this.#credentials.delete(id);
  }
}
