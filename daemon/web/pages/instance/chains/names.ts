import { format } from '../../../i18n/format.ts';
import { locale, say } from '../../../i18n/language.ts';
import type { Mark } from './drawing.ts';
import { atOf, type Lane } from './lanes.ts';

export const shortDay = (at: number): string =>
  new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'short' }).format(at);

export function laneName({ kind, backups }: Lane): string {
  const words = say.value.chains;
  const day = backups[0] ? shortDay(atOf(backups[0])) : '';
  const names = {
    chain: words.chain(day),
    alone: words.alone,
    'foreign-chain': words.foreignChain(day),
    'foreign-alone': words.foreign,
  };
  return names[kind];
}

/** All that the sign says, in words, for who does not see it. */
export function markLabel({ backup, look }: Mark): string {
  const words = say.value.chains;
  const goes = backup.mark && `${words.goes} ${format.value.time(Date.parse(backup.mark.goes_at))}`;
  const parts = [
    `${words.kinds[backup.kind]}, ${format.value.time(atOf(backup))}`,
    words.states[look.state],
    look.isForeign ? words.made(words.origins[backup.origin]) : null,
    backup.hold && words.heldBy(backup.hold.owner),
    goes,
    ...look.periods.map((period) => words.periods[period]),
  ];
  return parts.filter(Boolean).join('; ');
}
