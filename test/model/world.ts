import type { Seen } from './history.ts';
import { Laws } from './laws.ts';
import { POLICIES } from './policies.ts';
import { consider, prune } from './prune.ts';
import { reconcile } from './reconcile.ts';
import { DAY, HOUR, Region, type Row } from './region.ts';
import { Killed, Service } from './service.ts';
import { claim, makeUp, submit, track } from './submit.ts';
import { NoAnswer, Wire } from './wire.ts';

export const PROJECTS = ['project-a', 'project-b'] as const;

/** What comes between two of the service's steps: after so many of them. */
interface Pending {
  after: number;
  readonly act: () => void;
}

export interface WorldOptions {
  readonly policy: number;
  /** Backups a project may have. */
  readonly limit: number;
  readonly concurrent: number;
}

/** A region, a service and the laws over both. */
export class World {
  readonly region = new Region();
  readonly wire = new Wire(this.region);
  readonly laws = new Laws(this.region);
  readonly service: Service;
  readonly seen: Seen;
  #pending: Pending[] = [];
  #dies = -1;
  #isBusy = false;
  /** What somebody does right before the next last look at a backup, or right after a DELETE of it was sent. */
  beforeLook: ((row: Row) => void) | null = null;
  afterSent: ((row: Row) => void) | null = null;

  constructor({ policy, limit, concurrent }: WorldOptions) {
    const [first] = POLICIES;
    if (!first) throw new Error('no policy');
    this.service = new Service(this.region, this.wire, this.laws, {
      policy: POLICIES[policy % POLICIES.length] ?? first,
      observe: false,
      reserve: 1,
      graceMs: DAY,
      quarantineMs: DAY,
      vanishShare: 0.05,
      caps: { concurrent, perProject: Math.max(1, concurrent - 1) },
    });
    this.seen = this.laws.seen;
    this.service.onPoint = () => this.#between(true);
    this.service.onKillPoint = () => this.#between(false);
    this.service.onLook = (id) => {
      const act = this.beforeLook;
      this.beforeLook = null;
      this.#ambush(id, act);
    };
    this.service.onSent = (id) => {
      const act = this.afterSent;
      this.afterSent = null;
      this.#ambush(id, act);
    };
    for (const project of PROJECTS) this.region.limits.set(project, limit);
    for (const [index, project] of [0, 0, 1].entries()) {
      const type = index === 1 ? 'postgresql' : 'mysql';
      this.region.build(PROJECTS[project] ?? 'project-a', { type, version: '8.0' }, this.region.utc);
    }
    this.region.pass(HOUR);
  }

  #ambush(id: string, act: ((row: Row) => void) | null): void {
    const row = this.region.row(id);
    if (!row || !act) return;
    this.region.step++;
    this.region.disturbances++;
    act(row);
  }

  /** Now, or between two steps of the service. */
  at(after: number, act: () => void): void {
    if (after === 0) act();
    else this.#pending.push({ after, act });
  }
  /** It is killed after so many of its steps. */
  kill(after: number): void {
    this.#dies = after;
    if (after === 0) this.#die();
  }
  #die(): void {
    this.#dies = -1;
    this.seen.kills++;
    this.service.restart();
  }

  #between(mayAct: boolean): void {
    if (this.#dies > 0 && --this.#dies === 0) throw new Killed();
    for (const pending of this.#pending) pending.after--;
    if (!mayAct) return;
    const due = this.#pending.filter(({ after }) => after <= 0);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter(({ after }) => after > 0);
    for (const { act } of due) {
      this.region.step++;
      this.region.disturbances++;
      act();
    }
  }

  /** A part of the service's work; a kill ends it wherever it is. */
  work(part: () => void): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      part();
    } catch (error) {
      if (error instanceof Killed) this.#die();
      else if (!(error instanceof NoAnswer)) throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Everything that the service does about a project in a round. */
  tend(projectId: string): void {
    const { service } = this;
    this.work(() => {
      if (!service.isDoubtful()) claim(service, projectId);
      for (const run of service.store.openRuns(projectId)) if (!service.isDoubtful()) submit(service, run);
    });
    this.follow(projectId);
  }
  /** A list of the project is read, and all that follows from it is done. */
  follow(projectId: string): void {
    const { service } = this;
    this.work(() => {
      const readAt = this.region.disturbances;
      const { backups: rows, oddIds } = this.wire.backups(projectId, null);
      const backups = service.owned(rows);
      track(service, projectId, backups, oddIds.length > 0);
      makeUp(service, projectId, backups);
      for (const schedule of consider(service, projectId, { backups, oddIds, readAt })) prune(service, schedule);
    });
  }
  look(): void {
    this.work(() => reconcile(this.service));
  }
  tick(): void {
    this.look();
    for (const project of PROJECTS) this.tend(project);
  }
}
