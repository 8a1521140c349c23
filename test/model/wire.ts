import type { Backup, Instance, Instant, Quota } from '../../lib/core/index.ts';
import { HOUR, type Order, type Region, type Row } from './region.ts';

/** A read had no answer to go by. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What becomes of a request on its way. */
export type Way = 'pass' | 'no-listener' | 'swallowed' | 'answer-lost' | 'late' | 'fault-after';
export const WAYS = ['pass', 'no-listener', 'swallowed', 'answer-lost', 'late', 'fault-after'] as const;

export type Posted =
  | { readonly kind: 'accepted'; readonly backupId: string }
  | { readonly kind: 'unknown' | 'later' | 'never' };
export type Deleted = 'accepted' | 'absent' | 'unknown' | 'refused';

export interface Listing {
  readonly backups: readonly Backup[];
  readonly oddIds: readonly string[];
}

/** The way from the service to the region: what is asked, and what comes of it. */
export class Wire {
  readonly region: Region;
  nextPost: Way = 'pass';
  nextDelete: Way = 'pass';
  /** How long a request that is late takes. */
  lateMs = HOUR;
  /** Told the cloud's time by each answer. */
  heard: (dateUtc: Instant) => void = () => undefined;

  constructor(region: Region) {
    this.region = region;
  }

  #answer(projectId: string): void {
    if (this.region.unreadable.has(projectId)) throw new NoAnswer(projectId);
    this.heard(Math.floor(this.region.utc / 1000) * 1000);
  }

  #listing(rows: readonly Row[]): Listing {
    const { odd } = this.region;
    if (odd.size === 0) return { backups: rows, oddIds: [] };
    const isOdd = ({ id }: Row) => odd.has(id);
    return { backups: rows.filter((row) => !isOdd(row)), oddIds: rows.filter(isOdd).map(({ id }) => id) };
  }

  backups(projectId: string, instanceId: string | null): Listing {
    this.#answer(projectId);
    return this.#listing(
      this.region.rows.filter(
        (row) => row.projectId === projectId && (instanceId === null || row.instanceId === instanceId),
      ),
    );
  }

  regionBackups(): Listing {
    this.#answer('admin');
    return this.#listing(this.region.rows);
  }

  backup(projectId: string, id: string): Backup | null {
    this.#answer(projectId);
    return this.region.row(id) ?? null;
  }

  instance(projectId: string, id: string): Instance | null {
    this.#answer(projectId);
    const place = this.region.place(id);
    return this.region.isThere(place) ? place : null;
  }

  projectInstances(projectId: string): readonly Instance[] {
    this.#answer('admin');
    return this.region.places.filter((place) => place.projectId === projectId && this.region.isThere(place));
  }

  instances(): readonly Instance[] {
    this.#answer('admin');
    const listed = this.region.places.filter((place) => this.region.isThere(place) && !place.unlisted);
    for (const place of this.region.places) place.lacked = listed.includes(place) ? 0 : place.lacked + 1;
    return listed;
  }

  quota(projectId: string): Quota {
    this.#answer(projectId);
    return this.region.quota(projectId);
  }

  post(order: Order): Posted {
    const way = this.nextPost;
    this.nextPost = 'pass';
    if (way === 'no-listener') return { kind: 'later' };
    if (way === 'swallowed') return { kind: 'unknown' };
    if (way === 'late') {
      this.region.late.push({ order, dueUtc: this.region.utc + this.lateMs });
      return { kind: 'unknown' };
    }
    const row = this.region.create(order);
    if (way !== 'pass') return { kind: 'unknown' };
    if (typeof row !== 'string') return { kind: 'accepted', backupId: row.id };
    return { kind: row === 'quota-refused' ? 'never' : 'later' };
  }

  delete(id: string): Deleted {
    const way = this.nextDelete;
    this.nextDelete = 'pass';
    if (way === 'no-listener') return 'refused';
    if (way === 'swallowed') return 'unknown';
    const answer = this.region.delete(id, way === 'late' ? this.lateMs : 0, true);
    if (way === 'answer-lost' || way === 'fault-after') return 'unknown';
    if (answer === 'absent') return 'absent';
    return answer === 'accepted' ? 'accepted' : 'refused';
  }
}
