import type { Caller } from '../../../daemon/http/api/caller.ts';
import { ApiError } from '../../../daemon/http/api/error.ts';
import type { SignOnPort } from '../../../daemon/http/session/sign-on.ts';
import { callerOf } from '../api/lab.ts';

/** A clock that is set by hand. */
export function handClock(nowUtc = Date.UTC(2026, 10, 30)) {
  const clock = { utc: nowUtc, ms: 1_000 };
  return {
    nowUtc: () => clock.utc,
    monotonicMs: () => clock.ms,
    pass(ms: number) {
      clock.utc += ms;
      clock.ms += ms;
    },
  };
}

export const LIFE_MS = 24 * 3_600_000;

/** A Keystone of a few words: users whose password is their name, and projects where they are members. */
export class TinyKeystone implements SignOnPort {
  readonly revoked: string[] = [];
  readonly members: Record<string, readonly string[]> = { anna: ['shop', 'lab'], binh: ['shop'], chi: [] };
  /** Refuses everything with 503. */
  away = false;
  /** How many passwords it was asked about. */
  asked = 0;
  #made = 0;
  readonly #clock: { nowUtc(): number };

  constructor(clock: { nowUtc(): number }) {
    this.#clock = clock;
  }

  #check(): void {
    if (this.away) throw new ApiError(503, 'keystone-unavailable', 'away');
  }

  /** `user/project/number`; a dash is no project. */
  give(user: string, project = '-'): string {
    return `${user}/${project}/${++this.#made}`;
  }

  async byPassword({ user, password }: { user: string; password: string }): Promise<string> {
    this.asked++;
    this.#check();
    if (this.members[user] === undefined || user !== password) throw new ApiError(401, 'sign-in-refused', 'wrong');
    return this.give(user);
  }

  async tokenOf(base: string, wanted: Parameters<SignOnPort['tokenOf']>[1]): Promise<string> {
    this.#check();
    const [user = ''] = base.split('/');
    const name = wanted === 'any' ? this.members[user]?.[0] : 'id' in wanted ? wanted.id : wanted.name;
    if (name === undefined || !this.members[user]?.includes(name)) throw new ApiError(403, 'no-role', 'no role there');
    return this.give(user, name);
  }

  async projects(token: string) {
    this.#check();
    const [user = ''] = token.split('/');
    return (this.members[user] ?? []).map((id) => ({ id, name: id }));
  }

  async revoke(token: string): Promise<void> {
    this.#check();
    this.revoked.push(token);
  }

  async ofToken(token: string): Promise<Caller> {
    this.#check();
    const [user = '', project = '-'] = token.split('/');
    if (this.revoked.includes(token) || project === '-' || !this.members[user]?.includes(project)) {
      throw new ApiError(401, 'unauthorized', 'no token');
    }
    const caller = callerOf('member', project);
    return {
      ...caller,
      userId: user,
      userName: user,
      projectName: project,
      isDelegated: false,
      expiresUtc: this.#clock.nowUtc() + LIFE_MS,
      token: () => token,
    };
  }
}
