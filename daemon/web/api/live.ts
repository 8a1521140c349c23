import type { EventView } from '../../http/contract/overview.ts';
import { answers, noteAnswer } from './reach.ts';

/** null: it was not heard what has changed meanwhile; look at everything. */
export type News = EventView | null;
type Listener = (news: News) => void;

const KINDS = ['instance', 'schedule', 'run', 'backup', 'policy'] as const satisfies readonly EventView['kind'][];
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const listeners = new Set<Listener>();

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(news: News): void {
  for (const listener of listeners) listener(news);
}

/**
 * Hears what changes, from now until it is stopped; after each break everything is looked at anew. A browser does not
 * say why the line broke: `lookWhy` asks, and says whether all else works; then it is looked at everything meanwhile.
 */
export function startLive(lookWhy: () => Promise<boolean>): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const again = (): void => {
    source?.close();
    clearTimeout(timer);
    const isSecond = failures > 0;
    void lookWhy().then((works) => works && isSecond && tell(null));
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    failures += 1;
    timer = setTimeout(open, pause * (0.5 + Math.random() / 2));
  };
  const open = (): void => {
    source = new EventSource(new URL('v1/events', document.baseURI.replace(/#.*/, '')));
    const before = answers();
    source.onopen = () => {
      // Whatever was read until now may have changed since, without a word.
      if (failures > 0 || answers() > before) tell(null);
      noteAnswer();
      failures = 0;
    };
    source.onerror = again;
    for (const kind of KINDS)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as EventView));
  };
  const atOnce = (): void => {
    if (failures === 0) return;
    failures = 1;
    clearTimeout(timer);
    open();
  };

  addEventListener('online', atOnce);
  open();
  return () => {
    removeEventListener('online', atOnce);
    clearTimeout(timer);
    source?.close();
  };
}
