import type { ComponentChildren } from 'preact';
import type { DeletionView, LintView, Preview, SlotToCome } from '../../http/contract/schedule.ts';
import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { FailureNote, told } from '../ui/index.ts';
import { Shortage } from './shortage.tsx';
import type { Previewed } from './use-preview.ts';

interface Props extends Previewed {
  /** Why nothing is looked ahead at; null: it is. */
  readonly idle: string | null;
  readonly children?: ComponentChildren;
}

/** What a change will do, before it is saved. */
export function PreviewPane({ preview, failure, isBehind, idle, children }: Props) {
  const words = say.value.schedule;
  const isShown = preview !== null && idle === null;
  return (
    <section class="preview" aria-label={words.preview} aria-busy={isBehind}>
      <h3>{words.preview}</h3>
      <p class="hint" role="status">
        {idle ?? (isBehind ? words.previewing : '')}
      </p>
      {failure && idle === null && <FailureNote failure={failure} />}
      {isShown && (
        <div class={`stack${isBehind ? ' is-behind' : ''}`}>
          <Reckoned of={preview.instances} />
          <Shortage of={preview.shortage} />
          <Lint of={lintBeside(preview)} />
          <Deletions of={preview} />
          <Slots of={preview.next_slots} />
          {children}
        </div>
      )}
    </section>
  );
}

export function Lint({ of }: { readonly of: readonly LintView[] }) {
  const { lint, levels } = say.value.schedule;
  if (of.length === 0) return null;
  return (
    <div>
      <h4>{lint}</h4>
      <ul class="lint">
        {of.map(({ level, field, message, hint }) => (
          <li
            key={`${field} ${message}`}
            class={`note ${level === 'error' ? 'bad' : level === 'warning' ? 'warn' : ''}`}
          >
            <div>
              <p>
                <b>{levels[level]}:</b> {message}
              </p>
              {hint && <p class="hint">{hint}</p>}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is told at length already is not told twice. */
const lintBeside = ({ lint, shortage }: Preview): Preview['lint'] =>
  lint.filter(({ message }) => message !== shortage?.because.text);

/** Of several instances how many; and where some stand for others that these are no exact figures. */
function Reckoned({ of: { total, looked_at } }: { readonly of: Preview['instances'] }) {
  const words = say.value.schedule;
  if (looked_at < total) return <p class="note">{words.reckonedFor({ total, lookedAt: looked_at })}</p>;
  return total > 1 ? <p class="hint">{words.reckonedForAll(total)}</p> : null;
}

function Deletions({ of }: { readonly of: Preview }) {
  const words = say.value.schedule;
  return (
    <div>
      {of.deletions_total === 0 ? (
        <p>{words.noDeletions}</p>
      ) : (
        <>
          <h4 class="danger">{words.deletions(of.deletions_total)}</h4>
          <DeletionList of={of.deletions} total={of.deletions_total} />
        </>
      )}
      {of.kept_total > 0 && (
        <>
          <h4>{words.keptAfterAll(of.kept_total)}</h4>
          <DeletionList of={of.kept} total={of.kept_total} />
        </>
      )}
    </div>
  );
}

/** More of them nobody reads here. */
const MOST_SHOWN = 30;

function DeletionList({ of, total }: { readonly of: readonly DeletionView[]; readonly total: number }) {
  const shown = of.slice(0, MOST_SHOWN);
  return (
    <>
      <DeletionRows of={shown} />
      {total > shown.length && <p class="hint">{say.value.schedule.andMore(total - shown.length)}</p>}
    </>
  );
}

function DeletionRows({ of }: { readonly of: readonly DeletionView[] }) {
  const words = say.value.schedule;
  const { time } = format.value;
  return (
    <ul class="deletions">
      {of.map(({ backup_id, as_of_at, goes_at, because }) => (
        <li key={backup_id}>
          <b>{time(Date.parse(as_of_at))}</b>{' '}
          <span class="faint">{goes_at === null ? words.goesNever : words.goesAt(time(Date.parse(goes_at)))}</span>
          <span class="hint">{told(because.text)}</span>
        </li>
      ))}
    </ul>
  );
}

/** As the clocks of the schedule's zone show them, with what clocks do meanwhile. */
export function Slots({ of, level = 4 }: { readonly of: readonly SlotToCome[]; readonly level?: 3 | 4 }) {
  const { nextSlots, noSlots, byClocksOf } = say.value.schedule;
  const kinds = say.value.chains.kinds;
  return (
    <div>
      {level === 3 ? <h3>{nextSlots}</h3> : <h4>{nextSlots}</h4>}
      {of.length === 0 && <p>{noSlots}</p>}
      {of[0] && <p class="hint">{byClocksOf(of[0].zone)}</p>}
      <ol class="slots">
        {of.map(({ at, local, kind, because, notes }) => (
          <li key={at}>
            <time dateTime={at} title={format.value.utc(Date.parse(at))}>
              {format.value.shown(local)}
            </time>
            {kind && <span title={because ? told(because.text) : undefined}> · {kinds[kind]}</span>}
            {notes.map((note) => (
              <span key={note.rule} class="hint">
                {told(note.text)}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </div>
  );
}
