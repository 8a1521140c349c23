import { now } from '../api/now.ts';
import { format, readDuration } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';

interface TimeProps {
  readonly at: string | null;
  /** `relative`: 3 hours ago, with the time beside it on hover; `both`: the one after the other. */
  readonly as?: 'relative' | 'time' | 'both' | 'clock' | 'day';
}

/** In the viewer's zone; on hover in UTC too. */
export function Time({ at, as = 'time' }: TimeProps) {
  if (at === null) return <span class="faint">{say.value.ui.never}</span>;
  const utcMs = Date.parse(at);
  const { time, relative, utc, clock, day } = format.value;
  const texts = {
    relative: () => relative(utcMs, now.value),
    time: () => time(utcMs),
    both: () => `${time(utcMs)} · ${relative(utcMs, now.value)}`,
    clock: () => clock(utcMs),
    day: () => day(utcMs),
  };
  return (
    <time dateTime={at} title={`${time(utcMs)} · ${utc(utcMs)}`}>
      {texts[as]()}
    </time>
  );
}

export function Duration({ of }: { readonly of: string | null }) {
  if (of === null) return <span class="faint">{say.value.ui.none}</span>;
  return <time dateTime={of}>{format.value.duration(readDuration(of))}</time>;
}
