import { Heard } from './heard.ts';
import type { ContractSettings, ContractTarget } from './target.ts';
import { type Answer, type Row, rowOf, rowsOf, User } from './user.ts';

/** Who and what the tests of the contract have at hand. */
export interface Cast {
  readonly target: ContractTarget;
  /** A member of project one, of two, of many. */
  readonly one: User;
  readonly two: User;
  readonly many: User;
  readonly admin: User;
  /** The user with a role inherited on all projects, in project one. */
  readonly service: User;
  /** An instance of project one, ready: MySQL. */
  readonly main: string;
  /** Another of project one: PostgreSQL. */
  readonly other: string;
  /** One of project two. */
  readonly foreign: string;
}

export const MANY = 21;

/** The cast, there once the region is open. */
export class Stage {
  /** All that the bus has said since the region was opened. */
  readonly heard = new Heard();
  #cast: Cast | undefined;

  get cast(): Cast {
    if (this.#cast === undefined) throw new Error('the region is not open yet');
    return this.#cast;
  }

  async open(target: ContractTarget): Promise<void> {
    await this.heard.listen(target);
    const run = Math.random().toString(36).slice(2, 8); // a region that is used again must not know the names
    const member = async (project: string) => {
      await target.project(project);
      return User.login(target, { name: project, password: project, project });
    };
    const [one, two, many] = [await member(`one-${run}`), await member(`two-${run}`), await member(`many-${run}`)];
    const admin = await User.login(target, { name: 'admin', password: 'secret', project: 'admin' });
    const service = await User.login(target, { name: 'autobackup', password: 'autobackup', project: `one-${run}` });
    await target.control({ backupMs: 300 });
    // One write at a time in a project: two at once may be a 500, and make Trove's quota counters wrong for good.
    const main = await order(one, { name: 'main' });
    const other = await order(one, { name: 'other', datastore: { type: 'postgresql' } });
    const foreign = await order(two, { name: 'foreign' });
    this.#cast = { target, one, two, many, admin, service, main: main.id, other: other.id, foreign: foreign.id };
    await Promise.all([this.ready(one, main.id), this.ready(one, other.id), this.ready(two, foreign.id)]);
  }

  async close(): Promise<void> {
    await this.#cast?.target.close();
  }

  control(settings: ContractSettings): Promise<void> {
    return this.cast.target.control(settings);
  }

  /** Looks until there is something to see. */
  async eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const { everyMs, withinMs } = this.cast.target.timings;
    const deadline = performance.now() + withinMs;
    for (;;) {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      if (performance.now() > deadline) throw new Error(`not seen within ${withinMs} ms: ${what}`);
      await wait(everyMs);
    }
  }

  /** As long as something would take, if it still came. */
  silence(): Promise<void> {
    return wait(this.cast.target.timings.silenceMs);
  }

  ready(user: User, instanceId: string): Promise<Row> {
    return this.eventually(`instance ${instanceId} ACTIVE`, async () => {
      const row = rowOf(await user.get(`/instances/${instanceId}`), 'instance');
      return row.status === 'ACTIVE' && row;
    });
  }

  /** The backup at its end, and its instance free again. */
  ended(user: User, backupId: string): Promise<Row> {
    return this.eventually(`the end of backup ${backupId}`, async () => {
      const row = rowOf(await user.get(`/backups/${backupId}`), 'backup');
      return !['NEW', 'BUILDING', 'SAVING'].includes(row.status) && row;
    });
  }

  /** A backup, made and ended. */
  async made(user: User, backup: Readonly<Record<string, unknown>>): Promise<Row> {
    return this.ended(user, accepted(await user.backup(backup)).id);
  }

  gone(user: User, backupId: string): Promise<true> {
    return this.eventually(
      `backup ${backupId} gone`,
      async () => (await user.get(`/backups/${backupId}`)).status === 404,
    );
  }

  async names(user: User, query = ''): Promise<readonly string[]> {
    return rowsOf(await user.get(`/backups?limit=1000${query}`), 'backups').map(({ name }) => name);
  }
}

export async function order(user: User, fields: Readonly<Record<string, unknown>>): Promise<Row> {
  const plain = { flavorRef: '1', volume: { size: 1 }, datastore: { type: 'mysql' } };
  const answer = await user.instance({ ...plain, ...fields });
  if (answer.status !== 200) throw new Error(`no instance: ${answer.status} ${JSON.stringify(answer.body)}`);
  return rowOf(answer, 'instance');
}

/** The row of an accepted backup. */
export function accepted(answer: Answer): Row {
  if (answer.status !== 202) throw new Error(`no backup: ${answer.status} ${JSON.stringify(answer.body)}`);
  return rowOf(answer, 'backup');
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
