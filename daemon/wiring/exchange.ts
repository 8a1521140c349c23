export interface Exchangeable<P extends object> {
  /** Whoever holds it calls the one that is in use just then; what was begun ends with the one it began with. */
  readonly port: P;
  exchange(next: P): void;
}

/** A port whose implementation is replaced while it is used. */
export function exchangeable<P extends object>(first: P): Exchangeable<P> {
  let current = first;
  return {
    port: new Proxy(first, { get: (_, name): unknown => Reflect.get(current, name) }),
    exchange(next) {
      current = next;
    },
  };
}
