import type { Writable } from 'node:stream';
import type { DurationMs, Instant } from '../../../lib/core/index.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Change, EventsPort } from '../../ports/events.ts';
import { ApiError } from '../api/error.ts';
import { viewInstant } from '../api/view.ts';
import type { EventView } from '../contract/overview.ts';
import { createDigest } from './digest.ts';

export const HEARTBEAT_MS: DurationMs = 15_000;
/** What changes together is told together. */
export const GATHER_MS: DurationMs = 100;
export const PACE_MS: DurationMs = 1_000;
const RETRY_MS: DurationMs = 3_000;
/** A reader that lets so much lie is cut; when he comes back he looks at everything. */
const MOST_WAITING_BYTES = 64 * 1024;

export interface StreamDeps {
  readonly events: EventsPort;
  readonly clock: Clock;
  readonly out: Writable;
  /** null: of all projects. */
  readonly projectId: string | null;
  /** He was here before, and does not know what he missed. */
  readonly isBack: boolean;
  /** Until when he is let in at most. @throws ApiError where he is not any more */
  readonly check: () => Promise<Instant>;
  readonly expiresUtc: Instant;
  readonly signal: AbortSignal;
}

const view = ({ kind, projectId, instanceId }: Change, nowUtc: Instant): EventView => ({
  kind,
  at: viewInstant(nowUtc),
  project_id: projectId,
  instance_id: instanceId,
});

/** Tells what changes, until the signal, the reader or `check` ends it. */
export async function streamEvents(deps: StreamDeps): Promise<void> {
  const { events, clock, out, projectId, signal } = deps;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const digest = createDigest();
  let wake: () => void = () => {};
  let told = 0;

  function write(text: string): void {
    out.write(text);
    if (out.writableLength > MOST_WAITING_BYTES) over.abort(new Error('the reader is too slow'));
  }

  function flush(): void {
    const changes = digest
      .take()
      .map((change) => view({ ...change, projectId: change.projectId ?? projectId }, clock.nowUtc()));
    write(changes.map((it) => `event: ${it.kind}\nid: ${++told}\ndata: ${JSON.stringify(it)}\n\n`).join(''));
  }

  async function tell(): Promise<never> {
    for (let nextMs = 0; ; nextMs = clock.monotonicMs() + PACE_MS) {
      if (digest.isEmpty) await new Promise<void>((resolve) => (wake = resolve));
      await sleep(clock, Math.max(GATHER_MS, nextMs - clock.monotonicMs()), either);
      flush();
    }
  }

  async function beat(): Promise<never> {
    for (let untilUtc = deps.expiresUtc; ; untilUtc = await deps.check()) {
      const leftMs = Math.max(0, untilUtc - clock.nowUtc());
      await sleep(clock, Math.min(HEARTBEAT_MS, leftMs), either);
      write(':\n\n');
    }
  }

  // An id at once: only who has one tells it when he comes back.
  write(`retry: ${RETRY_MS}\nid: 0\n\n`);
  if (deps.isBack) digest.addAll();
  const leave = events.listen(projectId, (change) => {
    digest.add(change);
    wake();
  });
  const end = (): void => over.abort(new Error('the reader is gone'));
  out.once('close', end);
  try {
    await Promise.race([tell(), beat(), aborted(either)]);
  } catch (error) {
    if (!either.aborted && !(error instanceof ApiError)) throw error;
  } finally {
    leave();
    out.off('close', end);
    over.abort();
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
