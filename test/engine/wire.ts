import { parseMarker } from '../../lib/core/index.ts';
import type { Backup, Region } from '../../lib/simulator/index.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A request for a backup as it left the daemon, and what the region was like then. */
export interface Post {
  readonly atUtc: number;
  readonly instanceId: string;
  readonly parentId: string | null;
  readonly slotUtc: number;
  readonly runId: string;
  readonly projectId: string;
  readonly parent: Readonly<Backup> | null;
  /**
   * Backups that ran and of which the daemon knew, since their requests were answered; those of a gone instance run no more,
   * and what is stuck holds no place.
   */
  readonly running: readonly Readonly<Backup>[];
}

/** A DELETE of a backup as it left the daemon, and what the region was like then. */
export interface Deletion {
  readonly atUtc: number;
  readonly backup: Readonly<Backup> | null;
  readonly children: readonly string[];
  /** Whether its instance was there still. */
  readonly isOfLiving: boolean;
  /** COMPLETED ones of its instance that were made after it, and are there. */
  readonly newer: readonly string[];
  /** The same of those that stand on nothing, whenever they were made. */
  readonly otherFulls: readonly string[];
}

type Forward = () => Promise<Response>;
/** Decides what becomes of a request: forwards it, or not, and answers, or not. */
export type Fate = (forward: Forward, post: Post) => Promise<Response>;
/** As a fate that asks for nothing of the request. */
export type AnyFate = (forward: Forward) => Promise<Response>;

export interface Wire {
  readonly fetch: typeof fetch;
  /** Every request for a backup that left, in order. */
  readonly posts: readonly Post[];
  /** Every request that left, to Keystone too. */
  readonly requests: readonly { readonly atUtc: number; readonly method: string; readonly url: string }[];
  /** Every DELETE that left, in order. */
  readonly deletions: readonly Deletion[];
  /** What becomes of the next DELETE; several are used one after the other. */
  nextDeletion(...fates: readonly AnyFate[]): void;
  /** What becomes of the next request for a backup; several are used one after the other. */
  next(...fates: readonly Fate[]): void;
  /** What becomes of all the others. */
  always(fate: Fate): void;
  /** What becomes of every other request, reads and logins; null: nothing is in their way. */
  disturb(fate: ((forward: Forward, url: string) => Promise<Response>) | null): void;
  /** How long every request takes on its way. */
  latencyMs: number;
  /** The daemon was killed: which requests were answered it may not know any more. */
  forget(): void;
  /** What was to become of the next requests is taken back. */
  clear(): void;
}

const TIMEOUT_MS = 30_000;
/** As the worlds' settings say. */
const STUCK_MS = 2 * 3_600_000;
const RUNNING: ReadonlySet<string> = new Set(['NEW', 'BUILDING', 'SAVING']);

/** What fetch throws when a connection that was open is cut. */
export const cut = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { syscall: 'read' }) });
/** What fetch throws when nobody listens. */
export const refused = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' }) });

export const pass: AnyFate = (forward) => forward();
export const nobodyListens: AnyFate = async () => {
  throw refused();
};
export const cutBefore: AnyFate = async () => {
  throw cut();
};
export const dropAnswer: AnyFate = async (forward) => {
  await forward();
  throw cut();
};
/** The request is not answered, nor carried out. */
export const swallow: AnyFate = () => new Promise(() => undefined);
export const fail: AnyFate = async () => new Response('no', { status: 503 });
export const failAfter: AnyFate = async (forward) => {
  await forward();
  return Response.json({ instanceFault: { code: 500, message: 'Internal Server Error.' } }, { status: 500 });
};

/** The way from one daemon to the region. A request that is not answered in 30 s of the clock is given up, as fetch's caller would. */
export function createWire(region: Region, clock: VirtualClock): Wire {
  const posts: Post[] = [];
  const answered = new Set<string>();
  const fates: Fate[] = [];
  const deletions: Deletion[] = [];
  const requests: { readonly atUtc: number; readonly method: string; readonly url: string }[] = [];
  const deletionFates: AnyFate[] = [];
  let always: Fate = pass;
  let disturbance: ((forward: Forward, url: string) => Promise<Response>) | null = null;

  function read(body: string): Post {
    const { backup } = JSON.parse(body) as {
      backup: { instance: string; description: string; parent_id?: string };
    };
    const marker = parseMarker(backup.description);
    if (!marker) throw new Error(`asked for a backup without a marker: ${body}`);
    const rows = region.backups();
    const parent = rows.find(({ id }) => id === backup.parent_id);
    const living = new Set(region.instances().flatMap(({ id, deletedUtc }) => (deletedUtc === null ? [id] : [])));
    return {
      atUtc: clock.nowUtc(),
      instanceId: backup.instance,
      parentId: backup.parent_id ?? null,
      slotUtc: marker.slotUtc,
      runId: marker.runId,
      parent: parent ? { ...parent } : null,
      projectId: region.instances().find(({ id }) => id === backup.instance)?.projectId ?? '',
      running: rows.filter(
        ({ status, deletedUtc, description, instanceId, createdUtc }) =>
          RUNNING.has(status) &&
          deletedUtc === null &&
          living.has(instanceId ?? '') &&
          clock.nowUtc() - createdUtc <= STUCK_MS &&
          answered.has(parseMarker(description)?.runId ?? ''),
      ),
    };
  }

  function readDeletion(url: string): Deletion {
    const id = /\/backups\/([^/?]+)$/.exec(url)?.[1];
    if (id === undefined) throw new Error(`a DELETE of what is no backup: ${url}`);
    const rows = region.backups();
    const backup = rows.find((row) => row.id === id);
    const children = rows.filter(({ parentId, deletedUtc }) => parentId === id && deletedUtc === null);
    const beside = rows.filter(
      (row) =>
        row.instanceId === backup?.instanceId && row.id !== id && row.deletedUtc === null && row.status === 'COMPLETED',
    );
    return {
      atUtc: clock.nowUtc(),
      backup: backup ? { ...backup } : null,
      children: children.map((row) => row.id),
      isOfLiving: region.instances().some((row) => row.id === backup?.instanceId && row.deletedUtc === null),
      newer: beside.filter(({ createdUtc }) => createdUtc > (backup?.createdUtc ?? 0)).map((row) => row.id),
      otherFulls: beside.filter(({ parentId }) => parentId === null).map((row) => row.id),
    };
  }

  async function carry(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const forward = (): Promise<Response> => region.fetch(input, init);
    if (wire.latencyMs > 0) await clock.sleepUntil(clock.nowUtc() + wire.latencyMs, new AbortController().signal);
    if (init?.method === 'DELETE') {
      deletions.push(readDeletion(String(input)));
      return (deletionFates.shift() ?? pass)(forward);
    }
    if (init?.method !== 'POST' || !String(input).endsWith('/backups')) {
      return disturbance ? disturbance(forward, String(input)) : forward();
    }
    const post = read(String(init.body));
    posts.push(post);
    const answer = await (fates.shift() ?? always)(forward, post);
    if (answer.ok) answered.add(post.runId);
    return answer;
  }

  const wire: Wire = {
    posts,
    requests,
    deletions,
    nextDeletion: (...more) => deletionFates.push(...more),
    next: (...more) => fates.push(...more),
    always: (fate) => {
      always = fate;
    },
    disturb: (fate) => {
      disturbance = fate;
    },
    latencyMs: 0,
    forget: () => answered.clear(),
    clear: () => {
      fates.splice(0);
      deletionFates.splice(0);
      disturbance = null;
    },
    async fetch(input, init) {
      clock.stir();
      requests.push({ atUtc: clock.nowUtc(), method: init?.method ?? 'GET', url: String(input) });
      const { promise: silent, reject } = Promise.withResolvers<never>();
      const cancel = clock.after(TIMEOUT_MS, () => reject(cut()));
      try {
        return await Promise.race([carry(input, init), silent]);
      } finally {
        cancel();
        clock.stir();
      }
    },
  };
  return wire;
}
