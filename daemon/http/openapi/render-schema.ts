import { type Html, html, NOTHING } from './html.ts';
import type { JsonSchema } from './schemas.ts';

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasIn = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

/** Values that narrow a type, with the words for them. */
const NARROWS: Readonly<Record<string, string>> = {
  format: '',
  const: 'always ',
  minimum: 'at least ',
  exclusiveMinimum: 'more than ',
  maximum: 'at most ',
  minLength: 'letters at least ',
  maxLength: 'letters at most ',
  minItems: 'items at least ',
  maxItems: 'items at most ',
  pattern: 'like ',
  default: 'default ',
};

/** What a schema says, as a tree; another component as a link to it. */
export function renderSchema(schema: JsonSchema): Html {
  const { $ref, properties, items, description } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return html`<a href="#schema-${name}"><code>${name}</code></a>${said(description)}`;
  }
  const variants = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf']), ...schemasIn(schema['allOf'])];
  if (variants.length > 0) {
    return html`${variants.map((variant, index) => html`${index > 0 ? ' or ' : ''}${renderSchema(variant)}`)}${said(description)}`;
  }
  return html`${typeOf(schema)}${said(description)}${isSchema(properties) ? renderProperties(schema, properties) : NOTHING}${
    isSchema(items) ? html` of ${renderSchema(items)}` : NOTHING
  }`;
}

const said = (description: unknown): Html => (typeof description === 'string' ? html` – ${description}` : NOTHING);

function typeOf(schema: JsonSchema): Html {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return html`${values.map((value) => html`<code>${JSON.stringify(value)}</code> `)}`;
  const narrows = Object.entries(NARROWS).flatMap(([keyword, words]) =>
    schema[keyword] === undefined
      ? []
      : [`${words}${keyword === 'format' ? schema[keyword] : JSON.stringify(schema[keyword])}`],
  );
  const name = typeof type === 'string' ? type : 'anything';
  return html`${name}${narrows.length > 0 ? `, ${narrows.join(', ')}` : ''}`;
}

function renderProperties({ required }: JsonSchema, properties: JsonSchema): Html {
  const needed = Array.isArray(required) ? required : [];
  const rows = Object.entries(properties).map(
    ([name, inner]) =>
      html`<li><code>${name}</code>${needed.includes(name) ? '' : ' (optional)'}: ${isSchema(inner) ? renderSchema(inner) : NOTHING}</li>`,
  );
  return html`<ul class="schema">${rows}</ul>`;
}
