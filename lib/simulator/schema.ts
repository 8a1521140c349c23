import { isJson, type Json, TroveFault } from './wire.ts';

type Check = (value: unknown) => readonly string[];

const python = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
};

const matching =
  (pattern: RegExp, source: string, least = 0, most = Number.POSITIVE_INFINITY): Check =>
  (value) => {
    if (typeof value !== 'string') return [`${python(value)} is not of type 'string'`];
    return [
      ...(value.length < least ? [`${python(value)} is too short`] : []),
      ...(value.length > most ? [`${python(value)} is too long`] : []),
      ...(pattern.test(value) ? [] : [`${python(value)} does not match '${source}'`]),
    ];
  };

export const text = matching(/^.*[0-9a-zA-Z]+.*$/, '^.*[0-9a-zA-Z]+.*$', 1, 255);

export const uuid = matching(
  /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
  '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$',
);

/** A boolean, in Trove's words. */
export const zeroOrOne: Check = (value) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) return [`${python(value)} is not of type 'integer'`];
  if (value > 1) return [`${value} is greater than the maximum of 1`];
  return value < 0 ? [`${value} is less than the minimum of 0`] : [];
};

/**
 * The object under `name` of a body, if each of its fields passes its check; else a 400 that names all that is wrong.
 * Trove: trove/common/apischema.py and wsgi.py, Controller.validate_request
 */
export function validated(body: unknown, name: string, checks: Readonly<Record<string, Check>>): Json {
  const fields = isJson(body) ? body[name] : undefined;
  // Trove's own message builder falls over an error at the top of the body.
  if (fields === undefined) throw new TroveFault(500, 'Internal Server Error.');
  if (!isJson(fields)) throw invalid([`${name} ${python(fields)} is not of type 'object'`]);
  const missing = fields['name'] === undefined ? [`${name} 'name' is a required property`] : [];
  const wrong = Object.keys(checks)
    .sort()
    .filter((field) => fields[field] !== undefined)
    .flatMap((field) => checks[field]?.(fields[field]).map((problem) => `${name}['${field}'] ${problem}`) ?? []);
  if (missing.length + wrong.length > 0) throw invalid([...missing, ...wrong]);
  return fields;
}

const invalid = (problems: readonly string[]): TroveFault =>
  new TroveFault(400, `Validation error: ${problems.join('; ')}`);
