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
 * A page that nobody sees hears nothing: over HTTP/1.1 a browser has six lines to a host, for all its tabs.
 */
export function startLive(lookWhy: () => Promise<boolean>): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** It did not listen for a while. */
  let hasMissed = false;

  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const again = (): void => {
    close();
    const isSecond = failures > 0;
    void lookWhy().then((works) => works && isSecond && tell(null));
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    failures += 1;
    hasMissed = true;
    timer = setTimeout(open, pause * (0.5 + Math.random() / 2));
  };
  const open = (): void => {
    close();
    if (document.visibilityState === 'hidden') return;
    source = new EventSource(new URL('v1/events', document.baseURI.replace(/#.*/, '')));
    const before = answers();
    source.onopen = () => {
      // Whatever was read until now may have changed since, without a word.
      if (hasMissed || answers() > before) tell(null);
      noteAnswer();
      failures = 0;
      hasMissed = false;
    };
    source.onerror = again;
    for (const kind of KINDS)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as EventView));
  };
  const atOnce = (): void => {
    if (failures === 0) return;
    failures = 1;
    open();
  };
  const seen = (): void => {
    hasMissed = true;
    open();
  };

  addEventListener('online', atOnce);
  document.addEventListener('visibilitychange', seen);
  open();
  return () => {
    removeEventListener('online', atOnce);
    document.removeEventListener('visibilitychange', seen);
    close();
  };
}
