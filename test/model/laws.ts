import type { ClockTrust, Fate, Instant, Policy, PruneStep, Step } from '../../lib/core/index.ts';
import { type Held, pointOf, pointsOf, slotOf, type Wishes, wantedIds } from './reckoning.ts';
import { DAY, type Demolition, HOUR, MINUTE, type Place, type Region, type Row, runs } from './region.ts';

const APART = 5 * MINUTE;
/** Clocks that are nearly right. */
const SLACK = 2 * APART;

/** What the service was told to keep to when it decided; all else the laws know from the region. */
export interface Terms {
  readonly policy: Policy;
  readonly intervalMs: number;
  readonly shortestMs: number;
  readonly gone: ReadonlySet<string>;
}

export interface Bounds {
  readonly slotUtc: Instant;
  readonly reserve: number;
  readonly bornUtc: Instant;
  readonly placesOfProject: number;
  readonly placesOfAll: number;
}
export type Decided = Terms & Bounds & { readonly place: Place };

export interface Pruning extends Terms {
  readonly place: Place;
  readonly holds: readonly Held[];
  /** Since when the service believes its instance gone. */
  readonly believedGoneUtc: Instant | null;
  readonly nowUtc: Instant;
}

/** What is gone is what is gone and believed to be. */
const goneUtc = ({ place, believedGoneUtc }: Pruning): Instant | null =>
  believedGoneUtc === null ? null : place.goneUtc;
const wishes = (by: Pruning, since: Instant | null): Wishes => ({ ...by, instanceId: by.place.id, goneUtc: since });

const ours = ({ origin }: Row): boolean => origin.kind === 'service';
const versionOf = ({ datastore }: Place | Row): string => `${datastore?.type} ${datastore?.version}`;

/** The laws of what never happens, told by the region's own truth; each that is broken is a sentence. */
export class Laws {
  readonly broken: string[] = [];
  /** What of that which the laws are about has happened. */
  readonly seen = { made: 0, adopted: 0, marked: 0, deleted: 0, buried: 0, kills: 0 };
  readonly region: Region;
  /** By backup: when it was marked, by the region's time. */
  readonly marked = new Map<string, Instant>();
  /** Since when the machine's clock is right. */
  clockRightUtc: Instant = Number.NEGATIVE_INFINITY;
  readonly #credits = new Map<string, Instant>();
  readonly #takenByUsers = new Set<string>();
  readonly #slots = new Set<string>();
  readonly #claims = new Map<string, { readonly slotUtc: Instant; readonly policy: string }>();

  constructor(region: Region) {
    this.region = region;
    region.onMade = (row) => this.#made(row);
    region.onTaken = (demolition, taken) => this.#taken(demolition, taken);
  }

  #say(law: string, wrongs: Readonly<Record<string, boolean>>, what: string): void {
    for (const [wrong, is] of Object.entries(wrongs)) if (is) this.broken.push(`${law}: ${what} ${wrong}`);
  }

  #made(row: Row): void {
    const { origin, instanceId } = row;
    if (origin.kind !== 'service') return;
    this.seen.made++;
    const slot = `${instanceId} at ${origin.slotUtc}`;
    this.#say('N1', { 'is the second for its slot': this.#slots.has(slot) }, `${row.id} of ${slot}`);
    this.#slots.add(slot);
  }

  /** A cascade may take what was made since the DELETE left, and nothing that was there before. */
  #taken({ bySrv, step }: Demolition, [root, ...below]: readonly Row[]): void {
    if (!bySrv) for (const { id } of [...(root ? [root] : []), ...below]) this.#takenByUsers.add(id);
    if (!bySrv || !root) return;
    for (const row of below) this.#say('N2', { 'was taken along': row.madeStep < step }, `${row.id} on ${root.id}`);
  }

  claimed(instanceId: string, slotUtc: Instant, { policy, shortestMs }: Terms, skewMs: number): void {
    const last = this.#claims.get(instanceId);
    // Of another policy the next slot may come at once.
    const before = last?.policy === policy.name ? last.slotUtc : Number.NEGATIVE_INFINITY;
    this.#claims.set(instanceId, { slotUtc, policy: policy.name });
    const wrongs = {
      'comes right after the last': slotUtc - before < Math.min(HOUR, shortestMs / 4),
      'was claimed by a wrong clock': Math.abs(skewMs) > SLACK,
    };
    this.#say('N9', wrongs, `the slot ${new Date(slotUtc).toISOString()} of ${instanceId}`);
  }

  /** A user's backup stands for a slot. */
  #credited(backupId: string, { place, gone, policy, slotUtc }: Decided): void {
    const row = this.region.row(backupId);
    const fulls = pointsOf(this.region, place.id, gone).filter(({ line }) => line.length === 1).length;
    const ours = this.region.made.filter((made) => made.instanceId === place.id).map(slotOf);
    const lastUtc = this.#credits.get(place.id) ?? Number.NEGATIVE_INFINITY;
    this.#credits.set(place.id, slotUtc);
    const wrongs = {
      'is no full of a user': row?.origin.kind !== 'user' || row.parentId !== null || row.status !== 'COMPLETED',
      'is of another instance': row?.instanceId !== place.id,
      'stands where our floor is not there': fulls < (policy.retention?.minimumFulls ?? 1),
      'is the second in a row': ours.every((madeUtc) => madeUtc < lastUtc) && lastUtc < slotUtc,
    };
    this.#say('N3', wrongs, `the credit of ${backupId}`);
  }

  /** A store that was lost takes along what was credited. */
  forget(): void {
    this.#credits.clear();
  }

  planned(step: Step, by: Decided): void {
    if (step.kind === 'skip' && step.because.rule === 'owner-conflict') {
      this.#say(
        'N5',
        { 'is left alone for another service that there is none of': !this.#isContested(by.place.id) },
        by.place.id,
      );
    }
    if (step.kind === 'credit') this.#credited(step.backupId, by);
    if (step.kind !== 'full' && step.kind !== 'incremental') return;
    const { region } = this;
    const { place, policy } = by;
    const rows = region.rows.filter((row) => row.instanceId === place.id && row.projectId === place.projectId);
    const { inUse, reserved, limit } = region.quota(place.projectId);
    const wrongs = {
      'would run beside another': rows.some(runs),
      'takes the last unit of the quota': inUse + reserved >= limit - by.reserve,
      'is of one that another service tends': rows.some(({ origin }) => origin.kind === 'other-service'),
      'is of one that takes none now': place.status !== 'ACTIVE',
      'is for a slot that has its backup': rows.some((row) => ours(row) && slotOf(row) === by.slotUtc),
      'comes too soon after three that failed': this.#tooSoon(by),
    };
    if (region.odd.size === 0) this.#say('N9', wrongs, `the ${step.kind} of ${place.id}`);
    if (step.kind === 'incremental') this.#parent(step.parentId, by, policy);
  }

  #tooSoon({ place, slotUtc, shortestMs, bornUtc }: Decided): boolean {
    const before = this.region.made
      .filter((row) => row.instanceId === place.id && slotOf(row) < slotUtc && row.createdUtc > bornUtc && !runs(row))
      .toSorted((a, b) => slotOf(b) - slotOf(a));
    const [newest] = before;
    const failed = before.slice(0, 3).filter(({ status }) => status === 'FAILED');
    // What came late and failed after the newest was asked for is heard of with the next list.
    const known = failed.slice(1).every(({ updatedUtc }) => updatedUtc <= (newest?.createdUtc ?? 0));
    // Nor is of what a user deleted before anybody had seen that it failed.
    if (failed.some(({ id }) => this.#takenByUsers.has(id))) return false;
    return failed.length === 3 && known && newest !== undefined && slotUtc < slotOf(newest) + DAY - shortestMs / 2;
  }

  #parent(parentId: string, { place, gone, slotUtc }: Decided, policy: Policy): void {
    const { region } = this;
    const parent = region.row(parentId);
    const point = parent && pointOf(region, parent, gone);
    const [newest] = pointsOf(region, place.id, gone);
    const root = point?.line[0];
    const wrongs = {
      'is none that can be restored': !point,
      'is of another instance': parent?.instanceId !== place.id || parent.projectId !== place.projectId,
      'is of another version': parent !== undefined && versionOf(parent) !== versionOf(place),
      'is of PostgreSQL': place.datastore.type === 'postgresql',
      'ends a chain that is full': (point?.line.length ?? 0) > policy.maxIncrementals,
      'ends a chain that is too old':
        root !== undefined && policy.cadence.kind === 'elapsed' && slotUtc - slotOf(root) >= policy.fullEveryMs,
      'is not the newest':
        region.odd.size === 0 && parent !== undefined && newest !== undefined && slotOf(newest.row) > slotOf(parent),
    };
    this.#say('N4', wrongs, `the parent ${parentId}`);
  }

  /** A request is about to leave; its own place is among those that are held. */
  sent(instanceId: string, by: Bounds, caps: { readonly concurrent: number; readonly perProject: number }): void {
    const wrongs = {
      'is beyond its project’s cap': by.placesOfProject > caps.perProject,
      'is beyond the cap': by.placesOfAll > caps.concurrent,
    };
    this.#say('N9', wrongs, `the request for ${instanceId}`);
  }

  /** What was decided over one list. Each guard is held by itself, since another behind it would hide that it is gone. */
  judged(fates: ReadonlyMap<string, Fate>, step: PruneStep, by: Pruning): void {
    const { region } = this;
    if (region.odd.size > 0) return;
    const wanted = wantedIds(region, wishes(by, by.believedGoneUtc));
    const goes = (row: Row): boolean => fates.get(row.id)?.kind === 'removable';
    for (const [id, fate] of fates) {
      const row = region.row(id);
      if (!row || row.instanceId !== by.place.id) continue;
      const isPoint = pointOf(region, row, by.gone) !== null;
      const removable = fate.kind === 'removable';
      const wrongs = {
        'is not ours': !ours(row),
        'is wanted': wanted.has(id) && fate.kind !== 'kept',
        'is not wanted and is kept': isPoint && !wanted.has(id) && fate.kind === 'kept',
        'runs still': removable && runs(row) && by.believedGoneUtc === null,
        'bears what stays':
          removable && region.childrenOf(id).some((child) => child.projectId === row.projectId && !goes(child)),
        'goes though there is no success': removable && isPoint && this.#isStale(by, by.believedGoneUtc),
        'goes though another service tends it': removable && this.#isContested(by.place.id),
      };
      this.#say('N2', wrongs, `the fate of ${id}`);
    }
    for (const { backup } of step.ripe) {
      this.#say(
        'N2',
        { 'is no leaf': region.childrenOf(backup.id).some((row) => row.instanceId === by.place.id) },
        backup.id,
      );
    }
  }

  #isStale({ place, gone, intervalMs, nowUtc }: Pruning, since: Instant | null): boolean {
    const [newest] = pointsOf(this.region, place.id, gone);
    return since === null && newest !== undefined && nowUtc - slotOf(newest.row) > 2 * intervalMs;
  }
  #isContested = (id: string): boolean =>
    this.region.rows.some((row) => row.instanceId === id && row.origin.kind === 'other-service');

  /** The last look found nothing that forbids a DELETE. */
  looked(row: Row | undefined, isOdd: boolean, observe: boolean): void {
    if (!row || isOdd) return;
    const wrongs = {
      'has a child': this.region.childrenOf(row.id).length > 0,
      'is of what another service tends': this.#isContested(row.instanceId ?? ''),
      'may be read by what is built': this.#isBuilding(row.projectId),
      'is in mode observe': observe,
    };
    this.#say('N2', wrongs, `the last look at ${row.id}`);
  }
  #isBuilding = (projectId: string): boolean =>
    this.region.places.some(
      (it) =>
        it.projectId === projectId &&
        it.status === 'BUILD' &&
        it.goneUtc === null &&
        this.region.utc - it.createdUtc < DAY - SLACK,
    );

  /** A DELETE leaves. */
  deleting(row: Row | undefined, by: Pruning & Going): void {
    if (!row) return;
    this.seen.deleted++;
    const { region } = this;
    const { place } = by;
    const points = pointsOf(region, place.id, by.gone);
    const isPoint = points.some((point) => point.row === row);
    const fulls = points.filter(({ line }) => line.length === 1).map((point) => point.row);
    const floor = Math.max(1, by.policy.retention?.minimumFulls ?? Number.POSITIVE_INFINITY);
    const living = goneUtc(by) === null;
    this.#say(
      'N2',
      {
        'is not ours': !ours(row),
        'has a child': region.childrenOf(row.id).length > 0,
        'runs still': runs(row) && living,
      },
      row.id,
    );
    const wrongs = {
      'is wanted': wantedIds(region, wishes(by, goneUtc(by))).has(row.id),
      'is the newest point': living && points[0]?.row === row,
      'is of the floor': living && isPoint && fulls.includes(row) && fulls.length <= floor,
      'goes though there is no success': isPoint && this.#isStale(by, goneUtc(by)),
      'goes while an instance is built': this.#isBuilding(row.projectId),
      'goes though another service tends its instance': this.#isContested(place.id),
      'goes by a wrong clock': Math.abs(by.skewMs) > SLACK,
      'goes too soon after the clock was wrong': region.utc - this.clockRightUtc < by.graceMs - SLACK,
      'was not marked for its grace':
        row.status !== 'FAILED' && region.utc - (this.marked.get(row.id) ?? region.utc) < by.graceMs - SLACK,
      'goes while the store is new': region.utc - by.bornUtc < by.quarantineMs - SLACK,
      'is of one that is excluded': by.isExcluded,
      'goes in mode observe': by.observe,
    };
    this.#say('N3', wrongs, row.id);
  }

  /** A schedule is ended because its instance is believed gone. */
  buried(place: Place | undefined, lately: number, known: number, share: number): void {
    this.seen.buried++;
    const wrongs = {
      'is there': place !== undefined && place.goneUtc === null,
      'was in a list of the last two': (place?.lacked ?? 2) < 2,
      'went with too many others': lately > Math.max(3, Math.floor(known * share)),
    };
    this.#say('N5', wrongs, place?.id ?? 'what never was');
  }

  /** The machine's clock is gone by. */
  trusted({ doubt }: ClockTrust, skewMs: number, heardAt: number): void {
    this.#say(
      'N3',
      { 'is gone by though the cloud contradicts it': doubt === null && heardAt > 0 && Math.abs(skewMs) > SLACK },
      'the clock',
    );
  }
}

export interface Going {
  readonly skewMs: number;
  readonly graceMs: number;
  readonly quarantineMs: number;
  readonly bornUtc: Instant;
  readonly isExcluded: boolean;
  readonly observe: boolean;
}
