import { CallerCloudError, type NewInstance } from '../../ports/caller-cloud.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KeyedRestore, RestoresPort } from '../../ports/restores.ts';
import { refusal } from '../refusals/index.ts';

export interface OnceDeps {
  readonly restores: RestoresPort;
  readonly clock: Pick<Clock, 'nowUtc'>;
}

/** Found out before anything is sent, then sent. */
export interface Sending<T> {
  prepare(): Promise<T>;
  send(order: T): Promise<NewInstance>;
}

const isSurelyUndone = (error: unknown): boolean => error instanceof CallerCloudError && error.fault !== 'unknown';

/**
 * Sends a restore that has a key at most once, in the project's turn: that it will be sent is stored before. After a lost
 * answer it is not sent again, since a second instance could come of it.
 */
export async function restoreOnce<T>(
  { restores, clock }: OnceDeps,
  keyed: KeyedRestore | null,
  { prepare, send }: Sending<T>,
): Promise<NewInstance> {
  if (!keyed) return send(await prepare());
  const before = await restores.before(keyed);
  if (before.kind === 'made') return before.instance;
  if (before.kind === 'other') throw refusal('key-reused', { because: null });
  if (before.kind === 'lost') throw refusal('restore-unknown', {});
  const order = await prepare();
  await restores.begin(keyed, clock.nowUtc());
  let instance: NewInstance;
  try {
    instance = await send(order);
  } catch (error) {
    if (isSurelyUndone(error)) await restores.forget(keyed);
    throw error;
  }
  await restores.made(keyed, instance);
  return instance;
}
