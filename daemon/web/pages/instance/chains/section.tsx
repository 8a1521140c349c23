import { useMemo, useState } from 'preact/hooks';
import type { BackupView, ChainView } from '../../../../http/contract/backup.ts';
import type { ReasonView } from '../../../../http/contract/common.ts';
import { now } from '../../../api/now.ts';
import { useWidth } from '../../../charts/width.ts';
import { language, say } from '../../../i18n/language.ts';
import { durationWords } from '../../../schedule/duration.ts';
import { Button, Icon, type IconName, told } from '../../../ui/index.ts';
import type { Act } from '../action.ts';
import type { Slot } from './drawing.ts';
import { atOf } from './lanes.ts';
import { Legend } from './legend.tsx';
import { Listing } from './listing.tsx';
import { Hatch } from './mark.tsx';
import { Panel } from './panel.tsx';
import { Picture } from './picture.tsx';
import { firstSpan, pan, type Range, rangeOf, reachOf, SPANS, type Span, toShow, zoom } from './range.ts';

interface ChainsProps {
  readonly instanceId: string;
  readonly backups: readonly BackupView[];
  readonly chains: readonly ChainView[];
  readonly slots: readonly Slot[];
  readonly within: string | null;
  /** Why nothing is deleted now; null: it is. */
  readonly untended: ReasonView | null;
  /** Backups of the project that could not be read. */
  readonly unreadable: number;
  readonly act: Act;
}

function useRange(backups: readonly BackupView[], slots: readonly Slot[], width: number) {
  const at = now.value;
  const instants = [...backups.map(atOf), ...slots.map((slot) => Date.parse(slot.at))];
  const reach = reachOf(instants, at);
  const [span, setSpan] = useState<Span | null>(null);
  const [moved, move] = useState<Range | null>(null);
  const current = span ?? firstSpan(reach, at, width);
  // A minute more is nothing that one sees: so that it is not drawn anew each time the clock ticks.
  const minute = Math.floor(at / 60_000) * 60_000;
  const { from, to } = moved ?? rangeOf(current, reach, minute);
  const range = useMemo(() => ({ from, to }), [from, to]);
  return {
    range,
    span: moved === null ? current : null,
    choose: (next: Span) => {
      setSpan(next);
      move(null);
    },
    zoom: (factor: number) => move(zoom(range, factor, reach)),
    pan: (part: number) => move(pan(range, part, reach)),
    show: (instant: number) => {
      const next = toShow(range, instant);
      if (next.from !== range.from) move(next);
    },
  };
}

const KEYS: Readonly<Record<string, (ranged: ReturnType<typeof useRange>) => void>> = {
  '+': (it) => it.zoom(0.5),
  '=': (it) => it.zoom(0.5),
  '-': (it) => it.zoom(2),
  PageUp: (it) => it.pan(-0.5),
  PageDown: (it) => it.pan(0.5),
};

export function ChainsSection({ instanceId, backups, chains, slots, within, untended, unreadable, act }: ChainsProps) {
  const words = say.value.chains;
  const [isTable, showTable] = useState(false);
  const [chosen, choose] = useState<string | null>(null);
  const [shown, show] = useState<string | null>(null);
  const [box, width] = useWidth<HTMLDivElement>();
  const ranged = useRange(backups, slots, width);
  const shownId = (isTable ? null : shown) ?? chosen;
  const backup = backups.find(({ id }) => id === shownId) ?? null;
  const goTo = (id: string): void => {
    const target = backups.find((it) => it.id === id);
    if (target) ranged.show(atOf(target));
    show(null);
    choose(id);
  };
  const onMove = (key: string): boolean => {
    KEYS[key]?.(ranged);
    return key in KEYS;
  };
  return (
    <section class="card chains-card" aria-labelledby="chains-title">
      <header>
        <h2 id="chains-title">{words.title}</h2>
        <Views isTable={isTable} onTable={showTable} />
      </header>
      {isTable && (
        <svg class="unseen chains" aria-hidden="true">
          <Hatch />
        </svg>
      )}
      {untended && <Note icon="paused" text={`${words.untended} ${told(untended.text)}`} />}
      {unreadable > 0 && <Note icon="late" text={words.unreadable(unreadable)} />}
      {backups.length === 0 && <p class="hint">{words.none}</p>}
      <div ref={box} hidden={isTable}>
        {!isTable && <Toolbar {...ranged} />}
        {!isTable && (
          <Picture
            {...{ backups, chains, slots, within, width, chosen, onMove, onChoose: choose, onShow: show }}
            range={ranged.range}
            shown={shown}
          />
        )}
        {!isTable && <Key backups={backups} range={ranged.range} within={within} />}
      </div>
      {isTable && <Listing backups={backups} chosen={chosen} onChoose={choose} />}
      <Panel instanceId={instanceId} backup={backup} backups={backups} act={act} onGo={goTo} />
      {!isTable && <Legend />}
    </section>
  );
}

function Note({ icon, text }: { readonly icon: IconName; readonly text: string }) {
  return (
    <div class="note warn">
      <Icon name={icon} />
      <p>{text}</p>
    </div>
  );
}

function Views({ isTable, onTable }: { readonly isTable: boolean; readonly onTable: (isTable: boolean) => void }) {
  const words = say.value.chains;
  return (
    <fieldset class="segments">
      <legend class="unseen">{words.shownAs}</legend>
      {[false, true].map((value) => (
        <label key={String(value)}>
          <input type="radio" name="chains-view" checked={isTable === value} onChange={() => onTable(value)} />
          <span>{value ? words.table : words.drawing}</span>
        </label>
      ))}
    </fieldset>
  );
}

const SPAN_NAMES = Object.keys(SPANS) as readonly Span[];

function Toolbar({ span, choose, zoom: zoomBy, pan: panBy }: ReturnType<typeof useRange>) {
  const words = say.value.chains;
  return (
    <div class="toolbar">
      <fieldset class="segments">
        <legend class="unseen">{words.span}</legend>
        {SPAN_NAMES.map((name) => (
          <label key={name}>
            <input type="radio" name="chains-span" checked={span === name} onChange={() => choose(name)} />
            <span>{words[name]}</span>
          </label>
        ))}
      </fieldset>
      <div class="moves">
        <Button small onClick={() => panBy(-0.5)}>{`← ${words.before}`}</Button>
        <Button small onClick={() => panBy(0.5)}>{`${words.after} →`}</Button>
        <Button small onClick={() => zoomBy(0.5)}>{`+ ${words.zoomIn}`}</Button>
        <Button small onClick={() => zoomBy(2)}>{`− ${words.zoomOut}`}</Button>
      </div>
    </div>
  );
}

interface KeyProps {
  readonly backups: readonly BackupView[];
  readonly range: Range;
  readonly within: string | null;
}

/** What the band means, and what the range leaves out, so that nobody takes it for gone. */
function Key({ backups, range, within }: KeyProps) {
  const words = say.value.chains;
  const earlier = backups.filter((backup) => atOf(backup) < range.from).length;
  const later = backups.filter((backup) => atOf(backup) > range.to).length;
  const isEmpty = backups.length > 0 && earlier + later === backups.length;
  return (
    <p class="hint key">
      {within !== null && <span class="band">{words.window(durationWords(within, language.value))}</span>}
      {isEmpty && <span>{words.nothingHere}</span>}
      {earlier > 0 && <span>{words.earlier(earlier)}</span>}
      {later > 0 && <span>{words.later(later)}</span>}
    </p>
  );
}
