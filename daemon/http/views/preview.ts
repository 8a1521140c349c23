import { explain, type FateChange, type Language, type SlotAhead } from '../../../lib/core/index.ts';
import type { CourseForeseen, Foresight, LintRow, Looked, Shortage, ShownSchedule } from '../../ports/schedules.ts';
import { viewDuration, viewInstant, viewOptional, viewReason } from '../api/view.ts';
import { MOST_DELETIONS, type Preview, type SlotToCome } from '../contract/schedule.ts';
import { viewSchedule } from './schedule.ts';
import { viewValues } from './values.ts';

export const viewSlot = (slot: SlotAhead, language: Language): SlotToCome => ({
  at: viewInstant(slot.slotUtc),
  local: slot.local,
  zone: slot.zone,
  kind: slot.kind,
  because: viewReason(slot.because, language),
  notes: slot.notes.map((note) => viewReason(note, language)),
});

const viewFate = (change: FateChange, language: Language): Preview['deletions'][number] => ({
  backup_id: change.backupId,
  name: change.name,
  as_of_at: viewInstant(change.asOfUtc),
  goes_at: viewOptional(change.goesUtc),
  because: viewReason(change.because, language),
});

const viewLooked = ({ total, lookedAt }: Looked): Preview['instances'] => ({ total, looked_at: lookedAt });

const goes = ({ goesUtc }: FateChange): number => goesUtc ?? Number.POSITIVE_INFINITY;
/** Those that go first, where there are more than anybody reads; of one instance all, as they come. */
const firstOf = (changes: readonly FateChange[]): readonly FateChange[] =>
  changes.length <= MOST_DELETIONS
    ? changes
    : changes.toSorted((a, b) => goes(a) - goes(b) || a.asOfUtc - b.asOfUtc).slice(0, MOST_DELETIONS);

/** Each sentence says what to do, where there is something to do. */
export const viewLint = ({ level, field, because }: LintRow, language: Language): Preview['lint'][number] => ({
  level,
  field,
  message: explain(because, language),
  hint: null,
});

const viewForecast = (course: CourseForeseen): NonNullable<Preview['forecast']> => ({
  peak_backups: course.peak.value,
  peak_at: viewInstant(course.peak.atUtc),
  storage_bytes: null,
  starts_a_minute: course.startsAMinute,
  worst_age: course.worstAgeMs === null ? null : viewDuration(course.worstAgeMs),
  longest_chain: course.longestChain,
  course: course.days.map(({ atUtc, value }) => ({ at: viewInstant(atUtc), backups: value })),
});

const viewShortage = (shortage: Shortage, language: Language): NonNullable<Preview['shortage']> => ({
  on_shortage: shortage.onShortage,
  because: viewReason(shortage.because, language),
  ask: shortage.because.rule === 'quota-short' ? shortage.because.params.ask : null,
  fits: shortage.fits,
  adapted: shortage.adapted.map(({ instances, wanted, because }) => ({
    instances,
    wanted: viewValues(wanted),
    because: because.map((reason) => viewReason(reason, language)),
  })),
  others_adapted: shortage.othersAdapted,
  refused: shortage.refused,
  wanted: shortage.wanted && viewForecast(shortage.wanted),
  instances: viewLooked(shortage.instances),
});

/** Which values would be others, by their names. */
function changesOf(before: object, after: object): Preview['changes'] {
  const was = before as Readonly<Record<string, unknown>>;
  return Object.entries(after)
    .filter(([field, to]) => JSON.stringify(was[field]) !== JSON.stringify(to))
    .map(([field, to]) => ({ field, from: was[field], to }));
}

/** What a change would do. `schedules`: of one instance, as it is and as it would be. */
export function viewPreview(
  foresight: Foresight,
  schedules: { readonly before: ShownSchedule; readonly after: ShownSchedule } | null,
  language: Language,
): Preview {
  const before = schedules && viewSchedule(schedules.before, language);
  const after = schedules && viewSchedule(schedules.after, language);
  const flat = (shown: NonNullable<typeof after>) => ({ enabled: shown.enabled, ...shown.values, pause: shown.pause });
  return {
    schedule: after,
    changes: before && after ? changesOf(flat(before), flat(after)) : [],
    instances: viewLooked(foresight.instances),
    next_slots: foresight.slots.map((slot) => viewSlot(slot, language)),
    deletions: firstOf(foresight.deletions).map((change) => viewFate(change, language)),
    deletions_total: foresight.deletions.length,
    kept: firstOf(foresight.kept).map((change) => viewFate(change, language)),
    kept_total: foresight.kept.length,
    forecast: foresight.forecast && viewForecast(foresight.forecast),
    shortage: foresight.shortage && viewShortage(foresight.shortage, language),
    lint: foresight.lint.map((row) => viewLint(row, language)),
  };
}
