import type { Content, OpenApi, OperationObject, Parameter, ResponseObject } from './document.ts';
import { type Html, html, NOTHING } from './html.ts';
import { renderSchema } from './render-schema.ts';

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: OperationObject;
}

/** The document as one page to read, without a script. */
export function renderApi({ info, paths, components }: OpenApi): string {
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(entries, ({ operation }) => operation.tags[0] ?? 'other');
  const tags = [...byTag.keys()].toSorted();
  return `<!doctype html>\n${
    html`<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${info.title} ${info.version}</title>
<link rel="stylesheet" href="docs.css"></head>
<body><header><h1>${info.title}, the API ${info.version}</h1><p>${info.description}</p>
<p>Send a Keystone token of your project as <code>X-Auth-Token</code>. The same for programs: <a href="openapi.json">openapi.json</a>.</p>
<nav aria-label="Topics"><ul>${tags.map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}</ul></nav></header>
<main>${tags.map((tag) => html`<section id="${tag}"><h2>${tag}</h2>${(byTag.get(tag) ?? []).map(renderEntry)}</section>`)}
<section id="schemas"><h2>Schemas</h2>${Object.entries(components.schemas).map(
      ([name, schema]) =>
        html`<details id="schema-${name}"><summary><code>${name}</code></summary>${renderSchema(schema)}</details>`,
    )}</section></main></body></html>`.text
  }\n`;
}

function renderEntry({ path, method, operation }: Entry): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return html`<details id="${operationId}"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code>
<span>${summary}</span></summary>${description === undefined ? NOTHING : html`<p>${description}</p>`}
<p>Rule: <code>${operation['x-rule']}</code></p>
${parameters.length === 0 ? NOTHING : renderParameters(parameters)}
${requestBody ? html`<h3>Body</h3>${renderContent(requestBody.content)}` : NOTHING}
<h3>Answers</h3><dl>${Object.entries(responses).map(renderAnswer)}</dl></details>`;
}

const renderParameters = (parameters: readonly Parameter[]): Html =>
  html`<h3>Parameters</h3><table><thead><tr><th scope="col">name</th><th scope="col">in</th><th scope="col">what</th></tr></thead>
<tbody>${parameters.map(
    ({ name, in: where, required, description = '', schema }) =>
      html`<tr><th scope="row"><code>${name}</code>${required ? ' (needed)' : ''}</th><td>${where}</td><td>${description} ${renderSchema(schema)}</td></tr>`,
  )}</tbody></table>`;

const renderAnswer = ([status, { description, content = {} }]: readonly [string, ResponseObject]): Html =>
  html`<dt><code>${status}</code> ${description}</dt><dd>${/^[45d]/.test(status) ? NOTHING : renderContent(content)}</dd>`;

const renderContent = (content: Content): Html =>
  html`${Object.entries(content).map(([type, { schema }]) => html`<p><code>${type}</code></p>${renderSchema(schema)}`)}`;

export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }
code, summary b { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
details { border: 1px solid GrayText; border-radius: 0.4rem; margin: 0.5rem 0; padding: 0.5rem 0.8rem; }
summary { cursor: pointer; }
summary span { margin-inline-start: 0.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid GrayText; padding: 0.3rem; text-align: start; vertical-align: top; font-weight: normal; }
ul.schema { padding-inline-start: 1.2rem; }
dd { margin-inline-start: 1.2rem; }
`;
