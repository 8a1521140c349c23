import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import type { BusPort, BusState } from '../ports/bus.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { NotesPort } from '../ports/notes.ts';
import { createBatch, readMessage } from './batch.ts';
import { type Binding, bind } from './exchange.ts';

const PREFETCH = 500;
const HEARTBEAT_S = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** While the exchange is absent. */
const LOOK_MS = 1_000;
/** A binding that went with its exchange is made again this soon. */
const REBIND_MS = 30_000;
/** Between two attempts to connect: soon enough to consume within seconds of the broker's return. */
const RECONNECT_MS = 1_500;
/** For each part of taking leave; a broker that fell silent would hold up the stop until its heartbeat is missed. */
const FAREWELL_MS = 2_000;

export interface ConsumerDeps {
  readonly url: string;
  readonly binding: Binding;
  readonly notes: NotesPort;
  readonly clock: Clock;
  readonly log: Log;
  /** 0–1, for the jitter between attempts. */
  readonly random: () => number;
  /** Notes are durable. */
  readonly onNotes: () => void;
  /** Bound, for the first time or again: what came in between was not heard. */
  readonly onBound: () => void;
  readonly onMessage: (result: 'noted' | 'ignored' | 'refused') => void;
  readonly onState: (state: BusState) => void;
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return parsed.href;
}

/** Errors of amqplib may carry the url, and with it the password. */
const plain = (error: unknown, url: string): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const { password } = new URL(url);
  return password ? text.replaceAll(password, '***').replaceAll(unescape(password), '***') : text;
};

/** The work's end, or the signal's reason as soon as it aborts; the work is then nobody's, and its failure is dropped. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Consumes a queue of our own, for as long as the signal lets it. */
export function createConsumer(deps: ConsumerDeps): BusPort {
  const { clock, log, binding } = deps;
  let state: BusState = { consuming: false, bound: false, lastError: null };

  function become(change: Partial<BusState>): void {
    state = { ...state, ...change };
    deps.onState(state);
  }

  function receive(channel: Channel, fail: (error: unknown) => void) {
    const batch = createBatch<ConsumeMessage>({
      store: async (notes) => {
        await deps.notes.note(notes);
        deps.onNotes();
      },
      acknowledgeUpTo: (message) => channel.ack(message, true),
      onFault: fail,
    });
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message === null) {
        fail(new Error('the broker cancelled the consumer: was the queue deleted?'));
        return;
      }
      const reading = readMessage(message.content);
      if (reading.kind === 'refused') {
        log.warn('message.refused', { because: reading.because, bytes: message.content.length });
      }
      deps.onMessage(reading.kind === 'note' ? 'noted' : reading.kind);
      batch.add(message, reading.kind === 'note' ? reading.note : null);
    };
    return { onMessage, flush: batch.flush };
  }

  async function keepBound(model: ChannelModel, signal: AbortSignal): Promise<void> {
    for (;;) {
      const bound = await bind(model, binding);
      signal.throwIfAborted();
      if (bound && !state.bound) {
        log.info('bus.bound', { exchange: binding.exchange, queue: binding.queue });
        deps.onBound();
      }
      if (!bound && (state.bound || state.lastError === null)) {
        log.warn('bus.exchange_absent', {
          exchange: binding.exchange,
          hint: 'Trove declares it with its first message',
        });
      }
      become({ bound, lastError: bound ? null : `no exchange "${binding.exchange}" yet` });
      await sleep(clock, bound ? REBIND_MS : LOOK_MS, signal);
    }
  }

  /** Waits for it, but not for long: what was not acknowledged comes again. */
  async function farewell(work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const late = sleep(clock, FAREWELL_MS, over.signal).catch(() => undefined);
    // What fails here was closed already, by the broker's doing.
    await Promise.race([work.catch(() => undefined), late]).finally(() => over.abort());
  }

  /** Opens the channel and consumes; resolves to how to take leave. */
  async function consume(model: ChannelModel, fail: (error: unknown) => void): Promise<() => Promise<void>> {
    const channel = await model.createChannel();
    channel.on('error', fail);
    // A turn later: where the whole connection went, it is just about to say why.
    channel.on('close', () => setImmediate(fail, new Error('the broker closed the channel')));
    await channel.prefetch(PREFETCH);
    await channel.assertQueue(binding.queue, { durable: true });
    const { onMessage, flush } = receive(channel, fail);
    const { consumerTag } = await channel.consume(binding.queue, onMessage);
    become({ consuming: true });
    log.info('bus.consuming', { queue: binding.queue });
    return async () => {
      await channel.cancel(consumerTag);
      await flush();
      await channel.close();
    };
  }

  /** One connection, from its opening to its loss. */
  async function session(signal: AbortSignal): Promise<void> {
    const socket = new AbortController();
    const socketOptions = { timeout: CONNECT_TIMEOUT_MS, signal: socket.signal }; // handed on to net.connect
    const model = await connect(withHeartbeat(deps.url), socketOptions);
    const lost = new AbortController();
    const fail = (error: unknown): void => lost.abort(error ?? new Error('the broker closed the connection'));
    model.on('error', fail);
    model.on('close', fail);
    const over = AbortSignal.any([signal, lost.signal]);
    let leave = async (): Promise<void> => undefined;
    try {
      // Raced, not only told: amqplib never answers a question that the socket's end overtook.
      leave = await unlessAborted(consume(model, fail), over);
      await unlessAborted(keepBound(model, over), over);
    } catch (error) {
      if (!signal.aborted) throw lost.signal.aborted ? lost.signal.reason : error;
      await farewell(leave());
    } finally {
      become({ consuming: false, bound: false });
      model.removeListener('close', fail);
      await farewell(model.close());
      socket.abort();
    }
  }

  return {
    state: () => state,
    async loop(signal) {
      while (!signal.aborted) {
        try {
          await session(signal);
        } catch (error) {
          if (signal.aborted) return;
          const lastError = plain(error, deps.url);
          if (lastError !== state.lastError) log.warn('bus.lost', { error: lastError });
          become({ consuming: false, bound: false, lastError });
          await sleep(clock, RECONNECT_MS * (0.5 + deps.random()), signal);
        }
      }
    },
  };
}
