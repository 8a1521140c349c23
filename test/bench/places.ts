/**
 * Who takes a place of the cap, from the first step of his try to the end of his backup, and how much of the time the
 * places were taken. Counted at each change: samples would be taken by the same loop as the work, between its lumps.
 */
export class Places {
  readonly #cap: number;
  readonly #taken = new Set<string>();
  /** The first try begins the count. */
  #sinceMs = Number.NaN;
  #changedMs = 0;
  #noneMs = 0;
  #emptyMs = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  enter(id: string): void {
    this.#count();
    this.#taken.add(id);
  }

  leave(id: string): void {
    this.#count();
    this.#taken.delete(id);
  }

  /** Of the time since the first try: with no place taken; and the mean share of places that were not. */
  shares(): { readonly none: number; readonly empty: number } {
    this.#count();
    const allMs = this.#changedMs - this.#sinceMs;
    return { none: this.#noneMs / allMs, empty: this.#emptyMs / allMs };
  }

  #count(): void {
    const nowMs = performance.now();
    if (Number.isNaN(this.#sinceMs)) this.#sinceMs = nowMs;
    else {
      const passedMs = nowMs - this.#changedMs;
      if (this.#taken.size === 0) this.#noneMs += passedMs;
      this.#emptyMs += (passedMs * Math.max(0, this.#cap - this.#taken.size)) / this.#cap;
    }
    this.#changedMs = nowMs;
  }
}
