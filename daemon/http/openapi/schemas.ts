import { z } from 'zod';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
type Io = 'input' | 'output';

const COMPONENTS = '#/components/schemas/';
const INPUT = '?input';

/** JSON schemas of zod's, with those that have an id as components. */
export interface Schemas {
  of(schema: z.ZodType, io: Io): JsonSchema;
  /**
   * `whole` with its references resolved to the components that it really uses: one of each id, and a second, `…Input`,
   * only where what is sent differs from what is answered.
   */
  finish<T>(whole: T): { readonly whole: T; readonly components: Readonly<Record<string, JsonSchema>> };
}

export function createSchemas(): Schemas {
  const found: Readonly<Record<Io, Map<string, JsonSchema>>> = { input: new Map(), output: new Map() };

  /** Ids of which both forms say the same, and so does all that they refer to. */
  function alike(): ReadonlySet<string> {
    const alike = new Set([...found.input.keys()].filter((id) => sameText(found.input.get(id), found.output.get(id))));
    for (let before = -1; before !== alike.size; ) {
      before = alike.size;
      for (const id of alike) {
        const others = referredTo(found.input.get(id)).filter((other) => found.output.has(other));
        if (others.some((other) => !alike.has(other))) alike.delete(id);
      }
    }
    return alike;
  }

  return {
    of(schema, io) {
      const options = { io, target: 'draft-2020-12', unrepresentable: 'any', override: tidy } as const;
      const { $schema, $defs = {}, ...root } = z.toJSONSchema(schema, options);
      for (const [id, definition] of Object.entries($defs)) found[io].set(id, pointed(definition, io));
      return pointed(root, io);
    },
    finish(whole) {
      const one = alike();
      const nameOf = (id: string): string => (!found.output.has(id) || one.has(id) ? id : `${id}Input`);
      const resolve = <T>(value: T): T =>
        mapRefs(value, (ref) => (ref.endsWith(INPUT) ? COMPONENTS + nameOf(idOf(ref)) : ref));
      const inputs = [...found.input].map(([id, schema]) => [nameOf(id), resolve(schema)] as const);
      const outputs = [...found.output].map(([id, schema]) => [id, resolve(schema)] as const);
      const sorted = [...inputs, ...outputs].toSorted(([left], [right]) => (left < right ? -1 : 1));
      return { whole: resolve(whole), components: Object.fromEntries(sorted) };
    },
  };
}

/** `true` and `false` as text; no pattern where the format says it; no bounds that are those of every number here. */
function tidy({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { def } = zodSchema._zod;
  if (def.type === 'pipe' && def.out._zod.def.type === 'boolean' && jsonSchema.type === 'string') {
    jsonSchema.enum = ['true', 'false'];
  }
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

const pointed = (schema: JsonSchema, io: Io): JsonSchema =>
  mapRefs(schema, (ref) => ref.replace('#/$defs/', COMPONENTS) + (io === 'input' ? INPUT : ''));

const idOf = (ref: string): string => ref.slice(COMPONENTS.length).replace(INPUT, '');

function mapRefs<T>(value: T, change: (ref: string) => string): T {
  const revive = (key: string, inner: unknown): unknown =>
    key === '$ref' && typeof inner === 'string' ? change(inner) : inner;
  return JSON.parse(JSON.stringify(value), revive) as T;
}

const sameText = (one: unknown, other: unknown): boolean =>
  other !== undefined && JSON.stringify(one).replaceAll(INPUT, '') === JSON.stringify(other);

function referredTo(schema: unknown): readonly string[] {
  const ids: string[] = [];
  mapRefs(schema, (ref) => {
    ids.push(idOf(ref));
    return ref;
  });
  return ids;
}
