import type { RegionView } from '../../../http/contract/overview.ts';
import { say } from '../../i18n/language.ts';
import { Icon } from '../../ui/index.ts';

type Part = RegionView['health'][number];

/** How the service itself is; the worst first. */
export function Health({ health }: Pick<RegionView, 'health'>) {
  return (
    <section class="card" aria-labelledby="health">
      <h2 id="health">{say.value.region.health}</h2>
      <ul class="health">
        {health
          .toSorted((one, other) => Number(one.ok) - Number(other.ok))
          .map((part) => (
            <PartOfIt key={part.part} part={part} />
          ))}
      </ul>
    </section>
  );
}

/** In the viewer's words; what the part itself says of a failure is for who looks into the log. */
function PartOfIt({ part: { part, ok, detail } }: { readonly part: Part }) {
  const { region, ui } = say.value;
  const names: Readonly<Record<string, string>> = region.parts;
  const words: Readonly<Record<string, string>> = ok ? region.works : region.fails;
  const text = words[part];
  return (
    <li>
      <span class={`badge ${ok ? 'protected' : 'unprotected'}`}>
        <Icon name={ok ? 'ok' : 'unprotected'} />
        {ok ? region.good : region.bad}
      </span>
      <div>
        <h3>{names[part] ?? part}</h3>
        {text && <p class="hint">{text}</p>}
        {(!ok || !text) && <p class="hint" lang="en">{`${ui.details}: ${detail}`}</p>}
      </div>
    </li>
  );
}
