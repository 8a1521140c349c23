import type { ReasonView } from '../../http/contract/common.ts';
import { format } from '../i18n/format.ts';

/** The service tells instants in UTC and days by their numbers, as it does to programs; here both are the reader's. */
export const told = (text: string): string => dayed(timed(text));

const timed = (text: string): string =>
  text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g, (_, day: string, clock: string) =>
    format.value.time(Date.parse(`${day}T${clock}Z`)),
  );

/** Days alone: no part of a name that has one in it. */
const dayed = (text: string): string =>
  text.replace(/(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])/g, (day) => format.value.date(day));

/** The sentence of a rule, in the language that the service was asked in. */
export function Reason({ reason }: { readonly reason: ReasonView | null }) {
  return reason ? <span class="reason">{told(reason.text)}</span> : null;
}

export function Reasons({ reasons }: { readonly reasons: readonly ReasonView[] }) {
  return (
    <ul class="reasons">
      {reasons.map((reason, i) => (
        <li key={`${reason.rule}-${i}`}>{told(reason.text)}</li>
      ))}
    </ul>
  );
}
