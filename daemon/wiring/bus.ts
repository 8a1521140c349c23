import type { Config } from '../config/schema.ts';
import type { Reconcile } from '../engine/reconcile.ts';
import { ExitError } from '../exit.ts';
import { type ConsumerDeps, createConsumer, UnusablePem } from '../intake/consumer.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { BusPort } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { NotesPort } from '../ports/notes.ts';

export interface BusParts {
  readonly notes: NotesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly reconcile: Reconcile;
}

/** @throws ExitError 78 where a file of the bus's TLS cannot be used */
export function buildBus(config: NonNullable<Config['bus']>, { metrics, reconcile, ...parts }: BusParts): BusPort {
  const { queue, exchange, topic, declare, urls, tls } = config;
  const deps: ConsumerDeps = {
    ...parts,
    urls: urls.map((url) => url.reveal()),
    tls,
    binding: { queue, exchange, topic, declare },
    random: Math.random,
    onNotes: reconcile.pokeNotes,
    onOverflow: reconcile.pokeFull,
    onBound: reconcile.pokeFull,
    onMessages: metrics.messages,
    onState: ({ consuming, bound }) => metrics.bus(consuming, bound),
  };
  try {
    return createConsumer(deps);
  } catch (error) {
    throw error instanceof UnusablePem ? new ExitError('config', error.message, { cause: error }) : error;
  }
}
