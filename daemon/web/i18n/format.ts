import { computed } from '@preact/signals';
import { locale } from './language.ts';

const MINUTE = 60_000;
const UNITS = [
  ['day', 1_440 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
] as const;

/** Of the language chosen and, for instants, the viewer's own zone. */
export const format = computed(() => {
  const tag = locale.value;
  const numbers = new Intl.NumberFormat(tag);
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const times = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
  const days = new Intl.DateTimeFormat(tag, { weekday: 'short', day: 'numeric', month: 'short' });
  const weekdays = new Intl.DateTimeFormat(tag, { weekday: 'short' });
  const clock = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
  const shown = new Intl.DateTimeFormat(tag, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...{ hourCycle: 'h23', timeZone: 'UTC' },
  });
  const utc = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
  const unit = (n: number, name: string): string =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: 1 }).format(n);
  const list = new Intl.ListFormat(tag, { style: 'narrow', type: 'unit' });
  return {
    number: (n: number): string => numbers.format(n),
    percent: (share: number): string =>
      new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    /** `29 Nov 2026, 22:14` */
    time: (utcMs: number): string => times.format(utcMs),
    day: (utcMs: number): string => days.format(utcMs),
    /** `30 Nov 2026`, of a day of the calendar: `2026-11-30`. */
    date: (day: string): string => dates.format(Date.parse(day)),
    /** `Mon, 30 Nov, 23:24`, of what the clocks of some zone show: `2026-11-30 23:24`. */
    shown: (local: string): string => shown.format(Date.parse(`${local.replace(' ', 'T')}Z`)),
    weekday: (utcMs: number): string => weekdays.format(utcMs),
    clock: (utcMs: number): string => clock.format(utcMs),
    utc: (utcMs: number): string => `${utc.format(utcMs)} UTC`,
    /** `3 hours ago`, `in 2 days` */
    relative(utcMs: number, nowMs: number): string {
      const away = utcMs - nowMs;
      const [name, size] = UNITS.find(([, ms]) => Math.abs(away) >= ms) ?? UNITS[2];
      return relative.format(Math.trunc(away / size), name);
    },
    /** `1 day, 6 hours`: the two largest units that say something. */
    duration(ms: number): string {
      let rest = Math.max(0, ms);
      const parts: string[] = [];
      for (const [name, size] of UNITS) {
        const n = Math.floor(rest / size);
        rest -= n * size;
        if (n > 0) parts.push(unit(n, name));
      }
      return parts.length === 0 ? unit(Math.round(rest / 1_000), 'second') : list.format(parts.slice(0, 2));
    },
    /** `1.5 GB` of Trove's gigabytes */
    gigabytes: (n: number): string =>
      new Intl.NumberFormat(tag, { style: 'unit', unit: 'gigabyte', maximumFractionDigits: 2 }).format(n),
    bytes(n: number): string {
      const step = Math.min(4, n < 1 ? 0 : Math.floor(Math.log(n) / Math.log(1_000)));
      const name = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'][step];
      return new Intl.NumberFormat(tag, { style: 'unit', unit: name, maximumFractionDigits: 1 }).format(
        n / 1_000 ** step,
      );
    },
  };
});

/** The milliseconds of the API's ISO 8601 durations. */
export function readDuration(text: string): number {
  const [, d = 0, h = 0, m = 0, s = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text) ?? [];
  return Math.round(((Number(d) * 24 + Number(h)) * 60 + Number(m)) * MINUTE + Number(s) * 1_000);
}
