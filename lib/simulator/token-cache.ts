import { openingToken, type ValidToken } from './token-check.ts';
import type { World } from './world.ts';

/** keystonemiddleware's token_cache_time. */
const CACHE_MS = 300_000;
const MANY = 20_000;

/**
 * What Trove knows of tokens. It asks Keystone once and believes the answer for five minutes: a token that is revoked
 * meanwhile, or whose role is taken away, still opens Trove; one that runs out does not.
 * keystonemiddleware: auth_token/__init__.py, AuthProtocol.fetch_token
 */
export class TokenCache {
  readonly #known = new Map<string, { readonly valid: ValidToken; readonly untilUtc: number }>();

  /** Throws `KeystoneFault` as Keystone would answer. */
  valid(world: World, id: string): ValidToken {
    const nowUtc = world.clock.nowUtc();
    const known = this.#known.get(id);
    if (known !== undefined && known.untilUtc > nowUtc) return known.valid;
    const valid = openingToken(world, id);
    if (this.#known.size >= MANY) this.#known.clear();
    this.#known.set(id, { valid, untilUtc: Math.min(valid.token.expiresUtc, nowUtc + CACHE_MS) });
    return valid;
  }
}
