import type { ContractTarget } from './target.ts';

/** A notification within its envelope. */
export interface Message {
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** All that the bus has said. */
export class Heard {
  readonly #messages: Message[] = [];

  async listen(target: ContractTarget): Promise<void> {
    await target.hear((body) => {
      const outer = JSON.parse(body) as { 'oslo.message'?: string };
      this.#messages.push(JSON.parse(outer['oslo.message'] ?? body) as Message);
    });
  }

  /** Of one instance or backup, in order. */
  of(id: string): readonly Message[] {
    return this.#messages.filter(({ payload }) => Object.values(payload).includes(id));
  }

  events(id: string): readonly string[] {
    return this.of(id).map(({ event_type }) => event_type);
  }
}
