import fc from 'fast-check';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What the document says, and ids that somebody has. */
export interface Known {
  readonly components: Readonly<Record<string, JsonSchema>>;
  readonly ids: readonly string[];
}

const DURATIONS = ['PT6H', 'P1D', 'P7D', 'PT90M', 'P1DT12H', 'PT0.5S'];
const DEEPEST = 4;
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const schemas = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** Whatever fits a schema. */
export function fitting(schema: JsonSchema, known: Known, depth = 0): fc.Arbitrary<unknown> {
  const { $ref, enum: values, type } = schema;
  if (typeof $ref === 'string') {
    const named = known.components[$ref.slice($ref.lastIndexOf('/') + 1)];
    if (named === undefined) throw new Error(`${$ref} is not in the document`);
    return fitting(named, known, depth);
  }
  if (Array.isArray(values)) return fc.constantFrom(...values);
  if ('const' in schema) return fc.constant(schema['const']);
  const variants = [...schemas(schema['anyOf']), ...schemas(schema['oneOf'])];
  if (variants.length > 0) return fc.oneof(...variants.map((variant) => fitting(variant, known, depth)));
  switch (type) {
    case 'string':
      return text(schema, known);
    case 'integer':
    case 'number':
      return fc.integer({
        min: number(schema['minimum'], 0),
        max: Math.min(number(schema['maximum'], 1e6), 2 ** 31 - 1),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fitting((schema['items'] ?? {}) as JsonSchema, known, depth + 1), {
        minLength: number(schema['minItems'], 0),
        maxLength: Math.min(number(schema['maxItems'], 3), 10),
      });
    case 'object':
      return object(schema, known, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function text(schema: JsonSchema, { ids }: Known): fc.Arbitrary<string> {
  if (schema['format'] === 'date-time') {
    const [min, max] = [new Date('2020-01-01T00:00:00Z'), new Date('2035-01-01T00:00:00Z')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  const pattern = String(schema['pattern'] ?? '');
  const [minLength, maxLength] = [number(schema['minLength'], 0), Math.min(number(schema['maxLength'], 40), 300)];
  if (pattern.startsWith('^P')) return fc.constantFrom(...DURATIONS);
  if (pattern === '') return fc.string({ unit: 'grapheme', minLength, maxLength });
  const plain = fc.stringMatching(/^[a-z0-9-]{1,30}$/);
  return /^\^\[\\w-\]\+\$$/.test(pattern) ? fc.oneof(fc.constantFrom(...ids), plain) : matching(pattern, plain);
}

/** Where fast-check cannot read the pattern, something simple, which may not fit. */
function matching(pattern: string, otherwise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return otherwise;
  }
}

function object(schema: JsonSchema, known: Known, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as string[];
  const wanted = properties.filter(([name]) => depth < DEEPEST || required.includes(name));
  const fields = Object.fromEntries(wanted.map(([name, inner]) => [name, fitting(inner, known, depth + 1)]));
  return fc.record(fields, { requiredKeys: required });
}

const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  "'; DROP TABLE runs; --",
  '../../etc/passwd',
  '%00',
  '{{7*7}}',
  '\u202e',
  '😀'.repeat(50),
  'x'.repeat(5_000),
  '-1',
  'NaN',
  '1e400',
  'true',
  'null',
  '[]',
];

/** Whatever may stand in a query or a path, and mostly should not. */
export const oddText = fc.oneof(
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 50 }).filter((one) => one.isWellFormed()),
);

const ODD_BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '7',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{}}}',
  '['.repeat(20_000),
  `{"a":"${'x'.repeat(70_000)}"}`,
  '\ufeff{}',
  '{"a":1,"a":2}',
  '\u0000',
];

/** The text of a body that mostly does not fit `schema`: one that does, with something changed; or none at all. */
export function oddBody(schema: JsonSchema, known: Known): fc.Arbitrary<string> {
  const changed = fc
    .tuple(fitting(schema, known), fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 3 }), fc.nat(20))
    .map(([whole, name, value, at]) => {
      if (typeof whole !== 'object' || whole === null) return JSON.stringify(value);
      const keys = Object.keys(whole);
      return JSON.stringify({ ...whole, [keys[at % (keys.length + 1)] ?? name]: value });
    });
  return fc.oneof(fc.constantFrom(...ODD_BODIES), changed, fc.json({ maxDepth: 3 }));
}
