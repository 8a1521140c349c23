/** What `globalThis.fetch` is, as far as anybody here needs it. */
export type Fetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>;

export type Handler = (request: Request) => Promise<Response>;

/** `next` carries the request out; not calling it means it never arrived. */
export type Interceptor = (request: Request, next: Handler) => Promise<Response>;

/** The way between a caller and the region. */
export class Wire {
  readonly #handle: Handler;
  #interceptors: readonly Interceptor[] = [];

  constructor(handle: Handler) {
    this.#handle = handle;
  }

  /** The last one put in stands nearest to the caller. */
  intercept(interceptor: Interceptor): () => void {
    this.#interceptors = [...this.#interceptors, interceptor];
    return () => {
      this.#interceptors = this.#interceptors.filter((one) => one !== interceptor);
    };
  }

  readonly fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const handler = this.#interceptors.reduce<Handler>(
      (next, interceptor) => (passed) => interceptor(passed, next),
      this.#handle,
    );
    return abortable(handler(request), request.signal);
  };
}

/** Rejects when the caller gives up. The work itself goes on, as it would behind a real wire. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
