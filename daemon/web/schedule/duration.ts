/** ISO 8601 durations as the API has them, in days, hours, minutes and seconds. */
const FORM = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Its milliseconds; null where the text is none. */
export function durationMs(text: string): number | null {
  const parts = FORM.exec(text);
  if (parts === null || !/\d/.test(text)) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + Math.round(seconds * 1_000);
}

export type Unit = 'seconds' | 'minutes' | 'hours' | 'days';
/** A number that somebody types, and what it counts. */
export interface Amount {
  readonly n: string;
  readonly unit: Unit;
}

const AMOUNTS = [
  ['days', { size: DAY_MS, write: (n: number) => `P${n}D` }],
  ['hours', { size: HOUR_MS, write: (n: number) => `PT${n}H` }],
  ['minutes', { size: 60_000, write: (n: number) => `PT${n}M` }],
  ['seconds', { size: 1_000, write: (n: number) => `PT${n}S` }],
] as const satisfies readonly (readonly [Unit, object])[];

/** In the largest unit that gives a whole number. */
export function amountOf(text: string): Amount {
  const ms = durationMs(text) ?? 0;
  const [unit, { size }] = AMOUNTS.find(([, it]) => ms % it.size === 0) ?? AMOUNTS[3];
  return { n: String(ms / size), unit };
}

/** null where the number is none, or no whole one of at least 1. */
export function durationOf({ n, unit }: Amount): string | null {
  if (!/^\d{1,5}$/.test(n.trim()) || Number(n) < 1) return null;
  return AMOUNTS.find(([name]) => name === unit)?.[1].write(Number(n)) ?? null;
}

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `7 days`, `1 hour 30 minutes`, `6 seconds`: at most two units, the smaller cut off. */
export function durationWords(text: string, language: string): string {
  const ms = durationMs(text);
  return ms === null ? text : msWords(ms, language);
}

export function msWords(ms: number, language: string): string {
  let rest = Math.max(0, ms);
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) words.push(unitWords(n, unit, language));
  }
  return words.slice(0, 2).join(' ') || unitWords(0, 'second', language);
}

export const unitWords = (
  n: number,
  unit: 'day' | 'hour' | 'minute' | 'second' | 'week' | 'month' | 'year',
  language: string,
) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
