import type { Instant, Reason } from '../../../lib/core/index.ts';
import { OWN_STATUS, type OwnRefusals } from './own.ts';

interface Said {
  /** In the cloud's own words. */
  readonly detail: string;
}
interface OfBackup {
  readonly backup: string;
}

/** What a request that asks for something of Trove's may be refused for, by the title that programs read. */
export interface TroveRefusals {
  // By the cloud
  'signed-out': Said;
  'forbidden-by-cloud': Said;
  'not-found-in-cloud': Said;
  'quota-full': Said;
  'rate-limited': Said;
  busy: Said;
  'conflict-in-cloud': Said;
  'refused-by-cloud': Said;
  'storage-unavailable': Said;
  'no-endpoint': Said;
  'no-answer': Said;
  'outcome-unknown': Said;

  // Of a deletion
  'has-descendants': OfBackup & { readonly count: number };
  held: OfBackup & { readonly owner: string; readonly note: string };
  running: OfBackup & { readonly status: string };
  going: OfBackup;
  unreadable: OfBackup & { readonly field: string };
  /** `leftUtc`: the newest that would be left. */
  'newest-recovery-point': OfBackup & { readonly leftUtc: Instant | null };
  'project-busy': Record<never, never>;

  // Of a hold, or of taking a mark back
  'not-managed': OfBackup;
  'not-held': OfBackup;
  'not-marked': OfBackup;

  // Of a restore
  'not-restorable': { readonly because: Reason };
  'volume-too-small': { readonly givenGb: number; readonly leastGb: number };
  'volume-size-needed': Record<never, never>;
  'no-datastore': OfBackup;
  'no-flavor': { readonly id: string };
  'no-network': { readonly id: string };

  'restore-unknown': Record<never, never>;
  // Of a backup now
  'not-taken': { readonly because: Reason };
  'clock-doubtful': { readonly because: Reason };
  'already-waiting': { readonly because: Reason };
  'key-reused': { readonly because: Reason | null };
  'bad-key': Record<never, never>;
  'too-late': { readonly run: string; readonly state: string };
}

export type Refusals = TroveRefusals & OwnRefusals;
/** Of a pair of sentences; programs read the same, or what `OWN_TITLES` says. */
export type Title = keyof Refusals;

/** What is wrong, and what to do next. `tell` gives the sentence of a reason. */
export type SentencesOf<R> = {
  readonly [T in keyof R]: (params: R[T], tell: (reason: Reason) => string) => readonly [string, string];
};
export type Sentences = SentencesOf<TroveRefusals>;

export const STATUS: Readonly<Record<Title, number>> = {
  ...OWN_STATUS,
  'signed-out': 401,
  'forbidden-by-cloud': 403,
  'not-found-in-cloud': 404,
  'quota-full': 409,
  'rate-limited': 429,
  busy: 409,
  'conflict-in-cloud': 409,
  'refused-by-cloud': 400,
  'storage-unavailable': 503,
  'no-endpoint': 503,
  'no-answer': 503,
  'outcome-unknown': 504,
  'has-descendants': 409,
  held: 409,
  running: 409,
  going: 409,
  unreadable: 409,
  'newest-recovery-point': 409,
  'project-busy': 503,
  'not-managed': 409,
  'not-held': 404,
  'not-marked': 404,
  'not-restorable': 409,
  'volume-too-small': 400,
  'volume-size-needed': 400,
  'no-datastore': 409,
  'no-flavor': 400,
  'no-network': 400,
  'restore-unknown': 409,
  'not-taken': 409,
  'clock-doubtful': 503,
  'already-waiting': 409,
  'key-reused': 422,
  'bad-key': 400,
  'too-late': 409,
};
