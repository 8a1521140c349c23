/** When there were rows, and when what a filter leaves; in ms since the address was asked for. */
export interface Marks {
  readonly rowsMs: number;
  readonly filteredMs: number;
}

/** Runs in the page from its very beginning: looks at each frame, and chooses a filter as soon as there are rows. */
export function watch(): void {
  let rowsMs: number | null = null;
  const look = (): void => {
    if (rowsMs === null && document.querySelector('.fleet tbody a')) {
      rowsMs = performance.now();
      const select = document.querySelector<HTMLSelectElement>('.filters select');
      if (!select) throw new Error('there is no filter of states');
      select.value = 'late';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    // None is late: what comes is that nothing matches.
    const isFiltered = rowsMs !== null && document.querySelector('.empty') !== null;
    if (!isFiltered) requestAnimationFrame(look);
    else Object.assign(globalThis, { marks: { rowsMs, filteredMs: performance.now() } });
  };
  requestAnimationFrame(look);
}
