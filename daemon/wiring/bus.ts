import type { Config } from '../config/schema.ts';
import type { Engine } from '../engine/index.ts';
import { ExitError } from '../exit.ts';
import { type ConsumerDeps, createConsumer, UnusablePem } from '../intake/consumer.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { BusPort } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { NotesPort } from '../ports/notes.ts';
import type { PointsPort } from '../ports/points.ts';

export interface BusParts {
  readonly notes: NotesPort;
  readonly points: PointsPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly engine: Pick<Engine, 'reconcile' | 'pokeSuspects'>;
}

/** @throws ExitError 78 where a file of the bus's TLS cannot be used */
export function buildBus(config: NonNullable<Config['bus']>, { metrics, engine, ...parts }: BusParts): BusPort {
  const { queue, exchange, topic, declare, urls, tls } = config;
  const { reconcile, pokeSuspects } = engine;
  const deps: ConsumerDeps = {
    ...parts,
    urls: urls.map((url) => url.reveal()),
    tls,
    binding: { queue, exchange, topic, declare },
    random: Math.random,
    onNotes: reconcile.pokeNotes,
    onSuspects: pokeSuspects,
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
