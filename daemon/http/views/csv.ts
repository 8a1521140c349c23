/**
 * A line of RFC 4180. What a spreadsheet would take for a formula is defused as OWASP says ("CSV Injection"): a cell that
 * begins with one of these gets an apostrophe before it, which makes it text. The full-width forms count where they are used.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const QUOTED = /[",\r\n\t]|^\s|\s$/;

function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return safe !== text || QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** null: an empty cell. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
