import type { CredentialRow, TrustRow } from './delegations.ts';
import type { Ids } from './random.ts';

/** What a token opens, and on whose word. */
export type TokenScope =
  | { readonly kind: 'none' }
  | { readonly kind: 'system' }
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'trust'; readonly projectId: string; readonly trust: TrustRow }
  | { readonly kind: 'credential'; readonly projectId: string | null; readonly credential: CredentialRow };

export interface TokenRow {
  readonly id: string;
  readonly methods: readonly string[];
  /** Of a trust with impersonation: the trustor. */
  readonly userId: string;
  readonly scope: TokenScope;
  /** Its own; then that of the token it came from. */
  readonly auditIds: readonly string[];
  readonly issuedUtc: number;
  readonly expiresUtc: number;
  revoked: boolean;
}

export const projectOf = ({ scope }: TokenRow): string | null => ('projectId' in scope ? scope.projectId : null);

/** The most tokens that are kept before those that have run out are thrown away. */
const MANY = 20_000;

export class Tokens {
  readonly #tokens = new Map<string, TokenRow>();
  readonly #ids: Ids;
  readonly #lifeMs: number;

  constructor(ids: Ids, lifeMs: number) {
    this.#ids = ids;
    this.#lifeMs = lifeMs;
  }

  /** A token that comes from another ends with it. */
  issue(fields: Pick<TokenRow, 'methods' | 'userId' | 'scope'>, parent: TokenRow | null, nowUtc: number): TokenRow {
    if (this.#tokens.size >= MANY) this.#forgetExpired(nowUtc);
    const token: TokenRow = {
      ...fields,
      id: this.#ids.token(),
      auditIds: [this.#ids.hex().slice(0, 22), ...(parent?.auditIds.slice(-1) ?? [])],
      issuedUtc: nowUtc,
      expiresUtc: parent?.expiresUtc ?? nowUtc + this.#lifeMs,
      revoked: false,
    };
    this.#tokens.set(token.id, token);
    return token;
  }

  find(id: string): TokenRow | undefined {
    return this.#tokens.get(id);
  }

  #forgetExpired(nowUtc: number): void {
    for (const token of this.#tokens.values()) if (token.expiresUtc <= nowUtc) this.#tokens.delete(token.id);
  }
}
