import type { Backup, Datastore, Instance, Instant, Quota } from '../../lib/core/index.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START: Instant = Date.UTC(2026, 10, 22, 10);

/** Who asked for a backup, as the region saw it, whatever its description says. */
export type Origin =
  | { readonly kind: 'user' | 'other-service' }
  | { readonly kind: 'service'; readonly runId: string; readonly slotUtc: Instant; readonly step: number };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface Row extends Writable<Backup> {
  origin: Origin;
  /** When it ends by itself, and how; a stuck one never does. */
  readonly endsUtc: Instant;
  readonly end: 'COMPLETED' | 'FAILED';
  readonly madeStep: number;
}

export interface Place extends Writable<Instance> {
  readyUtc: Instant;
  busyUntilUtc: Instant;
  /** Since when there is no such instance, as Trove tells it; null while there is. */
  goneUtc: Instant | null;
  /** The service has noted that it is there, since it last was not. */
  isNoted: boolean;
  /** When it last began not to be there. */
  leftUtc: Instant | null;
  /** It is there all the same, and will be seen again. */
  forgotten: boolean;
  /** Lists lack it; a look at the one instance does not. */
  unlisted: boolean;
  /** Lists in a row that lacked it. */
  lacked: number;
  failing: boolean;
  stuck: boolean;
  /** Its status does not tell that a backup runs. */
  hides: boolean;
}

export interface Order {
  readonly projectId: string;
  readonly instanceId: string;
  readonly parentId: string | null;
  readonly description: string | null;
  readonly origin: Origin;
}

/** A DELETE that was sent, and of what the region was when it left. */
export interface Demolition {
  readonly backupId: string;
  readonly dueUtc: Instant;
  readonly bySrv: boolean;
  readonly step: number;
}

export type Refusal = 'storage-away' | 'not-found' | 'busy' | 'quota-refused';

const RUNNING = new Set(['NEW', 'BUILDING', 'SAVING']);
export const runs = ({ status }: Row): boolean => RUNNING.has(status);

/** A region in which Trove's rules hold, and everything that went wrong in it is known. Time stands until it is moved. */
export class Region {
  utc: Instant = START;
  /** Of what was done up to now, by whomever. */
  step = 0;
  /** What came between the steps of a service that is at work. */
  disturbances = 0;
  readonly places: Place[] = [];
  rows: Row[] = [];
  /** All that the service ever had made, what is gone too. */
  readonly made: Row[] = [];
  readonly late: { readonly order: Order; readonly dueUtc: Instant }[] = [];
  demolitions: Demolition[] = [];
  readonly limits = new Map<string, number>();
  readonly reserved = new Map<string, number>();
  readonly odd = new Set<string>();
  readonly unreadable = new Set<string>();
  /** What is older the service's ledger cannot know. */
  storeBornUtc: Instant = START;
  storageAway = false;
  cinder = false;
  /** Told of what a DELETE took: the backup first, then all that stood on it. */
  onTaken: (demolition: Demolition, taken: readonly Row[]) => void = () => undefined;
  onMade: (row: Row) => void = () => undefined;
  #ids = 0;

  place(id: string): Place | undefined {
    return this.places.find((place) => place.id === id);
  }

  isThere = (place: Place | undefined): place is Place => place !== undefined && place.goneUtc === null;

  row(id: string | null): Row | undefined {
    return id === null ? undefined : this.rows.find((row) => row.id === id);
  }

  childrenOf(id: string): readonly Row[] {
    return this.rows.filter(({ parentId }) => parentId === id);
  }

  build(projectId: string, datastore: Datastore, readyUtc: Instant): Place {
    const id = `db-${++this.#ids}`;
    const place: Place = {
      ...{ id, projectId, name: id, datastore, status: 'BUILD', replicaOf: null, clusterId: null },
      ...{ createdUtc: this.utc, readyUtc, busyUntilUtc: 0, goneUtc: null, leftUtc: null, isNoted: false },
      ...{ forgotten: false, unlisted: false, lacked: 0, failing: false, stuck: false, hides: false },
    };
    this.places.push(place);
    this.#settle();
    return place;
  }

  /** One that was not seen to be back has not been there meanwhile, for all that the service can know. */
  leave(place: Place): void {
    place.goneUtc = place.isNoted ? this.utc : (place.leftUtc ?? this.utc);
    place.isNoted = false;
    place.leftUtc = place.goneUtc;
  }

  quota(projectId: string): Quota {
    const inUse = this.rows.filter((row) => row.projectId === projectId).length;
    return { inUse, reserved: this.reserved.get(projectId) ?? 0, limit: this.limits.get(projectId) ?? 50 };
  }

  /** POST. Of a parent Trove asks only that there is one. */
  create(order: Order): Row | Refusal {
    const place = this.place(order.instanceId);
    if (!this.isThere(place)) return 'not-found';
    if (order.parentId !== null && !this.row(order.parentId)) return 'not-found';
    if (this.storageAway) return 'storage-away';
    const isBusy = this.rows.some((row) => row.instanceId === place.id && runs(row));
    if (place.status !== 'ACTIVE' || isBusy) return 'busy';
    const { inUse, reserved, limit } = this.quota(order.projectId);
    if (inUse + reserved >= limit) return 'quota-refused';
    const id = `b${++this.#ids}`;
    const row: Row = {
      name: order.origin.kind,
      ...{ id, projectId: order.projectId, instanceId: order.instanceId, parentId: order.parentId },
      ...{ description: order.description, status: 'NEW', createdUtc: this.utc, updatedUtc: this.utc },
      ...{ location: this.cinder ? `cinder://${id}` : `https://swift/${id}`, datastore: place.datastore },
      ...{ origin: order.origin, end: place.failing ? 'FAILED' : 'COMPLETED', madeStep: this.step },
      endsUtc: place.stuck ? Number.POSITIVE_INFINITY : this.utc + 10 * MINUTE,
    };
    this.rows.push(row);
    if (row.origin.kind === 'service') this.made.push(row);
    this.#settle();
    this.onMade(row);
    return row;
  }

  /** DELETE: refused while it runs, and else a 202, whatever becomes of it. */
  delete(id: string, afterMs: number, bySrv = false): 'accepted' | 'absent' | 'busy' | 'storage-away' {
    const row = this.row(id);
    if (!row) return 'absent';
    if (runs(row)) return 'busy';
    if (this.storageAway) return 'storage-away';
    this.demolitions.push({ backupId: id, dueUtc: this.utc + afterMs, bySrv, step: this.step });
    this.#demolish();
    return 'accepted';
  }

  /**
   * A copy of a marker that outlives both its original and the store that knew better cannot be told from it: from then on
   * it is what its marker says.
   */
  inherit(originals: readonly Row[]): void {
    for (const { origin, createdUtc, ...original } of originals) {
      if (origin.kind !== 'service' || createdUtc > this.storeBornUtc) continue;
      const isCopy = (row: Row): boolean =>
        row.description === original.description &&
        row.instanceId === original.instanceId &&
        row.parentId === original.parentId;
      const [heir] = this.rows.filter(isCopy);
      if (heir) heir.origin = origin;
    }
  }

  pass(ms: number): void {
    this.utc += ms;
    this.#settle();
    this.#demolish();
    for (const arrival of this.late.filter(({ dueUtc }) => dueUtc <= this.utc)) {
      this.late.splice(this.late.indexOf(arrival), 1);
      this.create(arrival.order);
    }
  }

  #demolish(): void {
    const due = this.demolitions.filter(({ dueUtc }) => dueUtc <= this.utc);
    if (due.length === 0) return;
    this.demolitions = this.demolitions.filter(({ dueUtc }) => dueUtc > this.utc);
    for (const demolition of due) this.#take(demolition);
  }

  #take(demolition: Demolition): void {
    const root = this.row(demolition.backupId);
    const taken = root ? [root] : [];
    for (const row of taken) taken.push(...this.childrenOf(row.id));
    this.rows = this.rows.filter((row) => !taken.includes(row));
    this.inherit(taken);
    this.#settle();
    if (taken.length > 0) this.onTaken(demolition, taken);
  }

  #settle(): void {
    const busy = new Set<string | null>();
    for (const row of this.rows) {
      if (!runs(row)) continue;
      if (row.endsUtc <= this.utc) Object.assign(row, { status: row.end, updatedUtc: row.endsUtc });
      else busy.add(row.instanceId);
      if (runs(row) && row.createdUtc < this.utc) row.status = 'BUILDING';
    }
    for (const place of this.places) {
      if (place.readyUtc > this.utc) place.status = 'BUILD';
      else if (busy.has(place.id) && !place.hides) place.status = 'BACKUP';
      else place.status = place.busyUntilUtc > this.utc ? 'RESIZE' : 'ACTIVE';
    }
  }
}
