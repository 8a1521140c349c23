/**
 * The Gregorian calendar in whole numbers: days from 1970-01-01, months from January of year 0. No Date objects, since
 * schedules ask for these by the million. After Howard Hinnant's "chrono-compatible low-level date algorithms".
 */
export const DAY_MS = 86_400_000;

const DAYS_PER_ERA = 146_097;
/** From 0000-03-01, where an era of 400 years begins, to 1970-01-01. */
const EPOCH = 719_468;

export const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** `year * 12 + month` with January = 0. */
export function monthOf(day: number): number {
  const shifted = day + EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const ofEra = shifted - era * DAYS_PER_ERA;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  // Years begin in March here, so that the leap day is their last.
  return (era * 400 + year) * 12 + Math.floor((5 * ofYear + 2) / 153) + 2;
}

/** The first day of a month as `monthOf` counts it. */
export function monthStart(month: number): number {
  const fromMarch = month - 2;
  const year = Math.floor(fromMarch / 12);
  const era = Math.floor(year / 400);
  const ofEra = year - era * 400;
  const ofYear = Math.floor((153 * (fromMarch - year * 12) + 2) / 5);
  return era * DAYS_PER_ERA + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - EPOCH;
}

/** 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day: number): number => modulo(day + 3, 7);
