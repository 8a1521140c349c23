import { useEffect, useState } from 'preact/hooks';
import type { Preview } from '../../http/contract/schedule.ts';
import type { Answer, Failure } from '../api/failure.ts';
import { language } from '../i18n/language.ts';

export interface Previewed {
  readonly preview: Preview | null;
  readonly failure: Failure | null;
  /** What is shown is not yet of what was typed last. */
  readonly isBehind: boolean;
}

const REST_MS = 400;

/** Looks ahead once typing rests; what is under way for an earlier draft is given up. `key` says all that is asked. */
export function usePreview(key: string | null, ask: (signal: AbortSignal) => Promise<Answer<Preview>>): Previewed {
  const [held, hold] = useState<Previewed & { readonly key: string | null }>({
    key: null,
    preview: null,
    failure: null,
    isBehind: false,
  });
  const full = key === null ? null : `${language.value} ${key}`;
  useEffect(() => {
    if (full === null) return;
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await ask(ending.signal);
      if (ending.signal.aborted) return;
      hold((before) => ({
        key: full,
        preview: answer.ok ? answer.value : before.preview,
        failure: answer.ok ? null : answer.failure,
        isBehind: false,
      }));
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [full]);
  return { ...held, isBehind: full !== null && held.key !== full };
}
