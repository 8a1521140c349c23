/**
 * What a decision is made of as text, the same for the same facts: keys in order, what is undefined left out, sets as
 * `{"$set":[…]}` in order. So equal facts have equal digests, and the text can be read back.
 */
const SET = '$set';

export function canonical(value: unknown): string {
  if (value instanceof Set) return `{"${SET}":[${[...value].map(canonical).sort().join(',')}]}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** A value read from such text, with its sets. */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const [first] = fields;
  if (fields.length === 1 && first?.[0] === SET && Array.isArray(first[1])) return new Set(first[1].map(revive));
  return Object.fromEntries(fields.map(([key, field]) => [key, revive(field)]));
}
