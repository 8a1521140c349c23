import {
  type Backup,
  type ClockTrust,
  cadenceZone,
  firstClockLook,
  hearClock,
  type Instant,
  intervalMs,
  lookAtClock,
  type MarkerFacts,
  macText,
  type OwnedBackup,
  type Policy,
  shortestGapMs,
  withOwnership,
} from '../../lib/core/index.ts';
import type { Laws, Terms } from './laws.ts';
import { DAY, HOUR, type Region } from './region.ts';
import { Store } from './store.ts';
import type { Wire } from './wire.ts';

export interface ServiceSettings {
  policy: Policy;
  observe: boolean;
  readonly reserve: number;
  readonly graceMs: number;
  readonly quarantineMs: number;
  readonly vanishShare: number;
  readonly caps: { readonly concurrent: number; readonly perProject: number };
}

/** The process ended, as by kill -9. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export const OWNER = '0a1b2c3d';
export const RUNNING_HOLDS_MS = 12 * HOUR;
export const SENT_FOR_MS = DAY;

function hash(text: string, seed: number): string {
  let state = seed;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return (state >>> 0).toString(16).padStart(8, '0');
}
/** As good as the real one for who does not know how it is made. */
export const macOf = (facts: MarkerFacts): string => {
  const text = macText(facts);
  return hash(text, 2_166_136_261) + hash(text, 40_389);
};

/** The service's state: what is written down, and what a kill takes. The decisions are lib/core's, the order is the engine's. */
export class Service {
  readonly region: Region;
  readonly wire: Wire;
  readonly laws: Laws;
  readonly settings: ServiceSettings;
  /** By how much the machine's clock is ahead. */
  skewMs = 0;
  store: Store;
  trust: ClockTrust;
  wasWrong = false;
  /** When the clock became right that had been wrong, by the monotonic clock. */
  trustedMs = Number.NEGATIVE_INFINITY;
  /** Told at every place where something else may happen. */
  onPoint: () => void = () => undefined;
  onKillPoint: () => void = () => undefined;
  /** Told of what is about to be looked at for the last time, and of what a DELETE was sent for. */
  onLook: (backupId: string) => void = () => undefined;
  onSent: (backupId: string) => void = () => undefined;
  steps = 0;
  #runs = 0;
  #heardAt = 0;

  constructor(region: Region, wire: Wire, laws: Laws, settings: ServiceSettings) {
    this.region = region;
    this.wire = wire;
    this.laws = laws;
    this.settings = settings;
    this.store = new Store(region.utc);
    this.trust = firstClockLook(this);
    wire.heard = (dateUtc) => this.#hear(dateUtc);
  }

  get nowUtc(): Instant {
    return this.region.utc + this.skewMs;
  }
  get monotonicMs(): number {
    return this.region.utc;
  }

  /** Something was done; the world goes on before what follows. */
  point(): void {
    this.steps++;
    this.region.step++;
    this.onPoint();
  }
  /** Here it may die, but nothing else comes between. */
  killPoint(): void {
    this.steps++;
    this.region.step++;
    this.onKillPoint();
  }

  #become(trust: ClockTrust): void {
    const before = this.trust.doubt;
    this.trust = trust;
    if (trust.doubt !== null) this.wasWrong ||= trust.doubt.rule !== 'clock-unproven';
    if (before === null || trust.doubt !== null) return;
    if (this.wasWrong) this.trustedMs = this.monotonicMs;
    this.wasWrong = false;
  }
  #hear(dateUtc: Instant): void {
    this.#heardAt++;
    const { nowUtc, monotonicMs } = this;
    this.#become(hearClock(this.trust, { nowUtc, monotonicMs, sentMs: monotonicMs, dateUtc }));
    this.laws.trusted(this.trust, this.skewMs, this.#heardAt);
  }
  isDoubtful(): boolean {
    this.#become(lookAtClock(this.trust, this));
    return this.trust.doubt !== null;
  }

  /** It is killed, and comes back. */
  restart(): void {
    this.trust = firstClockLook(this);
    this.#heardAt = 0;
    for (const run of this.store.runs.values()) if (run.state === 'intent') run.state = 'unknown';
  }

  /** Its file is lost, its key is not. */
  loseStore(): void {
    this.store = new Store(this.nowUtc);
    this.laws.forget();
    this.region.storeBornUtc = this.region.utc;
    this.region.inherit(this.region.made.filter(({ id }) => !this.region.row(id)));
    this.restart();
  }

  newRunId(): string {
    return `00000000-0000-0000-0000-${String(++this.#runs).padStart(12, '0')}`;
  }

  /** Each with whose it is; and a run that was given up takes its backup back. */
  owned(backups: readonly Backup[]): readonly OwnedBackup[] {
    const { store } = this;
    const verify = (facts: MarkerFacts, mac: string): boolean => macOf(facts) === mac;
    const found = withOwnership(backups, { owner: OWNER, storeBornUtc: store.bornUtc, ledger: store.ledger(), verify });
    for (const { id, ownership } of found) {
      const run = ownership.kind === 'managed' ? store.runs.get(ownership.runId) : undefined;
      if (run?.state === 'failed' && run.backupId === null) Object.assign(run, { state: 'running', backupId: id });
    }
    return found;
  }

  terms(instanceId: string, policy: Policy): Terms {
    const gone = new Set(this.store.openDeletions(instanceId).map(({ backupId }) => backupId));
    const { cadence } = policy;
    if (cadenceZone(cadence) !== 'UTC') throw new Error('the reckoning is in UTC alone');
    return { policy, gone, intervalMs: intervalMs(cadence), shortestMs: shortestGapMs(cadence) };
  }
}
