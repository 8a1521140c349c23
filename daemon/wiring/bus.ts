import type { Config } from '../config/schema.ts';
import type { Reconcile } from '../engine/reconcile.ts';
import { createConsumer } from '../intake/consumer.ts';
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

export function buildBus(config: NonNullable<Config['bus']>, { metrics, reconcile, ...parts }: BusParts): BusPort {
  const { queue, exchange, topic, declare } = config;
  return createConsumer({
    ...parts,
    url: config.url.reveal(),
    binding: { queue, exchange, topic, declare },
    random: Math.random,
    onNotes: reconcile.pokeNotes,
    onBound: reconcile.pokeFull,
    onMessage: metrics.message,
    onState: ({ consuming, bound }) => metrics.bus(consuming, bound),
  });
}
