/** What a `datetime-local` field holds, in the viewer's zone, and the instant that it means. */
export function localOf(utcMs: number): string {
  const away = new Date(utcMs).getTimezoneOffset() * 60_000;
  return new Date(utcMs - away).toISOString().slice(0, 16);
}

/** null where it is none. */
export function instantOf(local: string): string | null {
  const ms = local === '' ? Number.NaN : new Date(local).getTime();
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
