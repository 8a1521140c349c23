/** Lets through while it is open; what comes while it is closed waits, and goes on in order when it opens. */
export class Gate {
  #held: (() => void)[] = [];
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  set closed(closed: boolean) {
    this.#closed = closed;
    if (closed) return;
    const held = this.#held;
    this.#held = [];
    for (const go of held) go();
  }

  pass(go: () => void): void {
    if (this.#closed) this.#held.push(go);
    else go();
  }
}
