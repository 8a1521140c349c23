import { type ChannelModel, connect } from 'amqplib';
import type { BusState } from '../ports/bus.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import { type Binding, createBinder } from './binding.ts';
import type { Broker } from './brokers.ts';
import { openDeadLetters } from './dead-letters.ts';
import { createReceiver, type ReceiveDeps } from './receive.ts';
import type { TlsOptions } from './tls.ts';

const PREFETCH = 500;
const CONNECT_TIMEOUT_MS = 5_000;
/** While the exchange is absent, and to make a binding again that went with its exchange while the connection stood. */
const LOOK_MS = 1_000;
/** For each part of taking leave; a broker that fell silent would hold up the stop until its heartbeat is missed. */
const FAREWELL_MS = 2_000;

export interface SessionDeps extends ReceiveDeps {
  readonly binding: Binding;
  readonly clock: Clock;
  readonly state: () => BusState;
  readonly become: (change: Partial<BusState>) => void;
  /** Bound, for the first time or again: what came in between was not heard. */
  readonly onBound: () => void;
}

export interface Where {
  readonly broker: Broker;
  readonly tls: TlsOptions;
  /** Throws away what waits in the queue, because a message in it ends every session. */
  readonly purge: boolean;
}

/** The broker handed out what amqplib cannot decode. It comes again with the next session. */
export class UndecodableFrame extends Error {
  override readonly name = 'UndecodableFrame';
}

/** amqplib gives up the connection when its decoder throws; what a broker or a socket does comes as another kind. */
const named = (error: unknown): unknown =>
  error instanceof RangeError || error instanceof TypeError
    ? new UndecodableFrame(`a message that cannot be decoded: ${error.message}`, { cause: error })
    : error;

/** The work's end, or the signal's reason as soon as it aborts; the work is then nobody's, and its failure is dropped. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** One connection, from its opening to its loss, which is what it rejects with. */
export async function runSession(deps: SessionDeps, where: Where, signal: AbortSignal): Promise<never> {
  const socket = new AbortController();
  const options = { ...where.tls, timeout: CONNECT_TIMEOUT_MS, signal: socket.signal }; // handed on to net and tls
  try {
    const model = await unlessAborted(connect(where.broker.url, options), signal);
    return await useConnection(deps, where, model, signal);
  } finally {
    socket.abort();
  }
}

async function useConnection(
  deps: SessionDeps,
  where: Where,
  model: ChannelModel,
  signal: AbortSignal,
): Promise<never> {
  const lost = new AbortController();
  const fail = (error: unknown): void => lost.abort(error ?? new Error('the broker closed the connection'));
  model.on('error', (error) => fail(named(error)));
  model.on('close', fail);
  const over = AbortSignal.any([signal, lost.signal]);
  let leave = async (): Promise<void> => undefined;
  try {
    // Raced, not only told: amqplib never answers a question that the socket's end overtook.
    leave = await unlessAborted(consume(deps, where, model, fail), over);
    return await unlessAborted(keepBound(deps, model, over), over);
  } catch (error) {
    const reason: unknown = lost.signal.aborted ? lost.signal.reason : error;
    if (signal.aborted) await farewell(deps.clock, leave());
    throw reason;
  } finally {
    deps.become({ consuming: false, bound: false });
    model.removeListener('close', fail);
    await farewell(deps.clock, model.close());
  }
}

/** Opens the channels and consumes; resolves to how to take leave. */
async function consume(deps: SessionDeps, where: Where, model: ChannelModel, fail: (error: unknown) => void) {
  const { queue } = deps.binding;
  const channel = await model.createChannel();
  channel.on('error', fail);
  // A turn later: where the whole connection went, it is just about to say why.
  channel.on('close', () => setImmediate(fail, new Error('the broker closed the channel')));
  await channel.prefetch(PREFETCH);
  await channel.assertQueue(queue, { durable: true });
  if (where.purge) {
    const { messageCount } = await channel.purgeQueue(queue);
    deps.log.error('bus.purged', { queue, messages: messageCount, hint: 'one of them broke each connection' });
  }
  const dead = await openDeadLetters(model, queue, fail);
  const { onMessage, flush } = createReceiver(deps, channel, dead, fail);
  const { consumerTag } = await channel.consume(queue, onMessage);
  deps.become({ consuming: true });
  deps.log.info('bus.consuming', { queue, broker: where.broker.name });
  return async (): Promise<void> => {
    await channel.cancel(consumerTag);
    await flush();
    await channel.close();
  };
}

async function keepBound(deps: SessionDeps, model: ChannelModel, signal: AbortSignal): Promise<never> {
  const { log, binding, become, clock } = deps;
  const bind = createBinder(model, binding);
  for (;;) {
    const bound = await bind();
    signal.throwIfAborted();
    const before = deps.state();
    become({ bound, lastError: bound ? null : `no exchange "${binding.exchange}" yet` });
    if (bound && !before.bound) {
      log.info('bus.bound', { exchange: binding.exchange, queue: binding.queue });
      deps.onBound();
    }
    if (!bound && (before.bound || before.lastError === null)) {
      log.warn('bus.exchange_absent', {
        exchange: binding.exchange,
        hint: 'Trove declares it with its first message',
      });
    }
    await sleep(clock, LOOK_MS, signal);
  }
}

/** Waits for it, but not for long: what was not acknowledged comes again. */
async function farewell(clock: Clock, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = sleep(clock, FAREWELL_MS, over.signal).catch(() => undefined);
  // What fails here was closed already, by the broker's doing.
  await Promise.race([work.catch(() => undefined), late]).finally(() => over.abort());
}
