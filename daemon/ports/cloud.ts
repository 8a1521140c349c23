import type { Backup, Instance, Quota, Reason, RuleName } from '../../lib/core/index.ts';

export interface BackupRequest {
  readonly projectId: string;
  readonly instanceId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly description: string;
}

/** The names of a request in the log of whoever it went to; null where it did not get so far, or no name came back. */
export interface RequestNames {
  readonly sent: string | null;
  readonly answered: string | null;
}

/** What is known after a request for a backup; only `unknown` may have made one without telling. */
export type SubmitOutcome = Outcome & { readonly request?: RequestNames };

type Outcome =
  | { readonly kind: 'accepted'; readonly backupId: string }
  | { readonly kind: 'unknown'; readonly because: Reason }
  /** Surely nothing was made; worth another try at `retryAfterMs`, or by the schedule's own patience. */
  | { readonly kind: 'later'; readonly because: Reason; readonly retryAfterMs: number | null }
  /** `commit` said no. */
  | { readonly kind: 'withheld' }
  /** Surely nothing was made, and this slot will not be tried again. */
  | { readonly kind: 'never'; readonly because: Reason };

/** What is known after a DELETE; only `unknown` may have deleted without telling. */
export type DeleteOutcome =
  /** Taken, and carried out some time later. */
  | { readonly kind: 'accepted' }
  /** There is no such backup. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: Reason }
  /** `commit` said no. */
  | { readonly kind: 'withheld' }
  /** Surely nothing was deleted. */
  | { readonly kind: 'refused'; readonly because: Reason; readonly retryAfterMs: number | null };

/** What of a backup never changes. */
export type Relation = Pick<Backup, 'id' | 'instanceId' | 'parentId'>;

/** A row of a list that cannot be read: it is there, and what it is cannot be known. */
export interface OddRow {
  readonly kind: 'instance' | 'backup';
  /** null where it cannot be read, or is not told. */
  readonly id: string | null;
  readonly projectId: string | null;
  readonly field: string;
  readonly problem: string;
  /** Of a backup; absent where they cannot be read. */
  readonly instanceId?: string | null;
  readonly parentId?: string | null;
}

/** Told of each odd row of a list, which then holds the others. */
export type OnOdd = (row: OddRow) => void;

/** The cloud did not give an answer to go by; `reason` says why. A read error is never "absent". */
export class CloudUnavailable extends Error {
  override readonly name = 'CloudUnavailable';
  readonly reason: Reason;
  readonly retryAfterMs: number | null;

  constructor(message: string, reason: Reason, options: { retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

const SHUT_OUT: ReadonlySet<RuleName> = new Set(['no-role', 'no-trust']);

/** The project lets this service in no more: what is there only an admin can tell. */
export const isShutOut = ({ reason }: CloudUnavailable): boolean => SHUT_OUT.has(reason.rule);

/**
 * Keystone and Trove as the engine sees them. A list of which a row cannot be read is refused where no `onOdd` is given,
 * as an instance or a backup is. Reads throw CloudUnavailable; `null` means that the project's own
 * scope answered that there is no such thing.
 */
export interface CloudPort {
  /** Every instance of the region, in pages; complete when it ends without a throw. */
  region(signal: AbortSignal, onOdd?: OnOdd): AsyncIterable<readonly Instance[]>;
  instance(projectId: string, instanceId: string, signal: AbortSignal): Promise<Instance | null>;
  /** As admin, whom no project shuts out; null where it has no such instance, and the right to say so was shown to hold. */
  instanceAsAdmin(projectId: string, instanceId: string, signal: AbortSignal): Promise<Instance | null>;
  /** Whether Keystone has the project no more, or has disabled it. */
  isProjectGone(projectId: string, signal: AbortSignal): Promise<boolean>;
  /** The id of a project given as `name@domain`; null if there is none. */
  projectId(nameAtDomain: string, signal: AbortSignal): Promise<string | null>;
  /** All backups of the project, or of one instance in it; complete. */
  backups(projectId: string, instanceId: string | null, signal: AbortSignal, onOdd?: OnOdd): Promise<readonly Backup[]>;
  backup(projectId: string, backupId: string, signal: AbortSignal): Promise<Backup | null>;
  /** All backups of the project, as admin; complete. */
  backupsAsAdmin(projectId: string, signal: AbortSignal, onOdd?: OnOdd): Promise<readonly Backup[]>;
  /** As admin; null as with `instanceAsAdmin`. */
  backupAsAdmin(projectId: string, backupId: string, signal: AbortSignal): Promise<Backup | null>;
  quota(projectId: string, signal: AbortSignal): Promise<Quota>;
  /** Of every backup of every project, as admin, those to be kept; complete. No more is held in memory at once. */
  regionBackups(keep: (backup: Relation) => boolean, signal: AbortSignal, onOdd?: OnOdd): Promise<readonly Backup[]>;
  /** All instances of a project, as admin; complete. */
  projectInstances(projectId: string, signal: AbortSignal, onOdd?: OnOdd): Promise<readonly Instance[]>;
  /** Takes every child along. With a token of the backup's project. `commit` is as with `createBackup`. */
  deleteBackup(
    projectId: string,
    backupId: string,
    signal: AbortSignal,
    commit?: () => Promise<boolean>,
  ): Promise<DeleteOutcome>;
  /**
   * `commit` is asked when all is ready and the request is about to leave, once at most; where it says no, nothing is
   * sent. So little time as can be lies between the two: who dies in it has sent nothing, and will not know. Throws only
   * what `commit` throws: every other way it can go is an outcome.
   */
  createBackup(request: BackupRequest, signal: AbortSignal, commit?: () => Promise<boolean>): Promise<SubmitOutcome>;
}
