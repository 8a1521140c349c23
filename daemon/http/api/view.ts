import { explain, type Instant, type Language, type Reason } from '../../../lib/core/index.ts';
import type { ReasonView } from '../contract/common.ts';

export const viewInstant = (utc: Instant): string => new Date(utc).toISOString();
export const viewOptional = (utc: Instant | null): string | null => (utc === null ? null : viewInstant(utc));

export const viewReason = (reason: Reason, language: Language): ReasonView => ({
  rule: reason.rule,
  params: reason.params as Readonly<Record<string, unknown>>,
  text: explain(reason, language),
});

const PARTS = [
  ['D', 86_400_000],
  ['H', 3_600_000],
  ['M', 60_000],
] as const;

/** ISO 8601, in days and smaller: `P7D`, `PT6H`, `PT0S`. */
export function viewDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  const [days, hours, minutes] = PARTS.map(([unit, size]) => {
    const n = Math.floor(rest / size);
    rest -= n * size;
    return n > 0 ? `${n}${unit}` : '';
  });
  const seconds = rest > 0 ? `${rest / 1_000}S` : '';
  const time = `${hours}${minutes}${seconds}`;
  const text = `P${days}${time === '' ? '' : `T${time}`}`;
  return text === 'P' ? 'PT0S' : text;
}

/** The milliseconds of what `durationSchema` let pass. */
export function readDuration(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text) ?? [];
  return Math.round(((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000);
}

/** The first language of Accept-Language that there is. */
export function languageOf(header: string | undefined): Language {
  for (const part of (header ?? '').split(',')) {
    const tag = part.split(';')[0]?.trim().toLowerCase().split('-')[0];
    if (tag === 'vi' || tag === 'en') return tag;
  }
  return 'en';
}

/** For whom an answer is written, and as of when. */
export interface As {
  readonly language: Language;
  readonly nowUtc: Instant;
}

const MINUTE = 60_000;
/** In whole minutes: an answer stays the same for so long, and its ETag with it. */
export const viewMinute = (utc: Instant): string => viewInstant(Math.floor(utc / MINUTE) * MINUTE);
export const viewAge = (ms: number): string => viewDuration(Math.floor(ms / MINUTE) * MINUTE);

export const readInstant = (text: string | undefined): Instant | null => (text === undefined ? null : Date.parse(text));
