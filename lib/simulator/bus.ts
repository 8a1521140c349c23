import { Gate } from './gate.ts';

/** A message as a broker delivers it: `body` is the raw text. */
export interface BusMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: string;
  readonly properties: {
    readonly contentType: 'application/json';
    readonly contentEncoding: 'utf-8';
    readonly deliveryMode: 2;
  };
}

export type BusListener = (message: BusMessage) => void;

/** The message bus. While it is away, messages and whoever needs it wait; then all go on, in order. */
export class Bus {
  readonly #listeners = new Set<BusListener>();
  readonly #exchange: string;
  readonly #gate = new Gate();

  constructor(exchange: string) {
    this.#exchange = exchange;
  }

  get down(): boolean {
    return this.#gate.closed;
  }

  set down(down: boolean) {
    this.#gate.closed = down;
  }

  listen(listener: BusListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(body: string): void {
    this.#gate.pass(() => {
      const properties = { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2 } as const;
      const message: BusMessage = { exchange: this.#exchange, routingKey: 'notifications.info', body, properties };
      for (const listener of [...this.#listeners]) listener(message);
    });
  }

  /** Resolves at once while the bus is there, else when it is back. */
  up(): Promise<void> {
    return new Promise((resolve) => this.#gate.pass(resolve));
  }
}
