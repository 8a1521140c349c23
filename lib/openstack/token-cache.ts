import type { Token } from './token.ts';

/** Renewed this long before its end, or after three quarters of a short life. */
const MARGIN_MS = 5 * 60_000;

interface Entry {
  readonly token: Token;
  readonly staleUtc: number;
}

/** Tokens by scope, each asked for once however many callers wait for it. */
export class TokenCache {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Promise<Token>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string, issue: () => Promise<Token>): Promise<Token> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#now() < entry.staleUtc) return Promise.resolve(entry.token);
    const running = this.#flights.get(key);
    if (running !== undefined) return running;
    const flight = this.#fill(key, issue).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  remove(token: Token): void {
    for (const [key, entry] of this.#entries) if (entry.token.id === token.id) this.#entries.delete(key);
  }

  async #fill(key: string, issue: () => Promise<Token>): Promise<Token> {
    const askedUtc = this.#now();
    const token = await issue();
    // Its life is counted on this machine's clock: Keystone's may be minutes off.
    const lifeMs = token.expiresUtc - token.issuedUtc;
    this.#sweep(askedUtc);
    this.#entries.set(key, { token, staleUtc: askedUtc + Math.max(lifeMs - MARGIN_MS, lifeMs * 0.75) });
    return token;
  }

  /** Projects come and go; their tokens must not stay for ever. */
  #sweep(nowUtc: number): void {
    for (const [key, entry] of this.#entries) if (entry.staleUtc <= nowUtc) this.#entries.delete(key);
  }
}
