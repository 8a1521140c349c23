/** One project's bucket for one verb. Trove: trove/common/limits.py, Limit */
interface Bucket {
  levelMs: number;
  lastUtc: number;
  remaining: number;
}

const MINUTE_MS = 60_000;

/** Trove's leaky buckets: so many requests a minute for each verb and project. */
export class RateLimits {
  readonly perMinute: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  /** Seconds to wait, or 0 when the request may pass. */
  delayS(projectId: string, verb: string, nowUtc: number): number {
    if (this.perMinute === Number.POSITIVE_INFINITY) return 0;
    const bucket = this.#bucket(projectId, verb, nowUtc);
    const cost = MINUTE_MS / this.perMinute;
    const level = Math.max(0, bucket.levelMs - (nowUtc - bucket.lastUtc)) + cost;
    bucket.lastUtc = nowUtc;
    bucket.levelMs = level > MINUTE_MS ? level - cost : level;
    if (level > MINUTE_MS) return Math.max(1, Math.ceil((level - MINUTE_MS) / 1000));
    bucket.remaining = Math.floor(((MINUTE_MS - level) / MINUTE_MS) * this.perMinute);
    return 0;
  }

  /** What `GET /limits` shows of one verb. */
  remaining(projectId: string, verb: string): number {
    return this.#buckets.get(`${verb} ${projectId}`)?.remaining ?? this.shown;
  }

  /** A region without limits shows a large number, as Trove must be configured with one. */
  get shown(): number {
    return Number.isFinite(this.perMinute) ? this.perMinute : 100_000;
  }

  #bucket(projectId: string, verb: string, nowUtc: number): Bucket {
    const key = `${verb} ${projectId}`;
    const bucket = this.#buckets.get(key) ?? { levelMs: 0, lastUtc: nowUtc, remaining: this.perMinute };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
