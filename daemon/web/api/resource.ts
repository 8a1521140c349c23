import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../i18n/language.ts';
import { call, type OperationName, type ValueOf, type Wish } from './client.ts';
import type { Failure } from './failure.ts';
import { listen, type News } from './live.ts';

/** What was read last, and whether that is being looked at anew. A failure leaves what was read before. */
export interface Resource<T> {
  readonly value: T | null;
  readonly etag: string | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
  /** When it was read, epoch ms. */
  readonly readAt: number | null;
  readonly refresh: () => void;
}

interface Held<T> extends Omit<Resource<T>, 'refresh'> {
  readonly key: string;
}

/** However much is told, no more than one look in this time. */
const COALESCE_MS = 1_500;

/** Reads it, and reads it again when `concerns` says that news are about it; null: nothing to read yet. */
export function useResource<K extends OperationName>(
  operation: K,
  wish: Omit<Wish<K>, 'signal'> | null,
  concerns: (news: News & object) => boolean = () => true,
): Resource<ValueOf<K>> {
  const key = wish && JSON.stringify([operation, wish.id, wish.query, language.value]);
  const empty: Held<ValueOf<K>> = {
    key: key ?? '',
    value: null,
    etag: null,
    failure: null,
    loading: true,
    readAt: null,
  };
  const [held, hold] = useState(empty);
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((n) => n + 1), []);
  const latest = useRef(concerns);
  latest.current = concerns;

  useEffect(() => {
    if (!wish) return;
    const ending = new AbortController();
    hold((before) => ({ ...before, loading: true }));
    void call(operation, { ...wish, signal: ending.signal }).then((answer) => {
      if (ending.signal.aborted) return;
      const read = { key: key ?? '', loading: false, readAt: Date.now() };
      if (answer.ok) hold({ ...read, value: answer.value, etag: answer.etag, failure: null });
      else hold((before) => ({ ...before, key: read.key, loading: false, failure: answer.failure }));
    });
    return () => ending.abort();
  }, [key, round]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((news) => {
      // News of no one instance are of any.
      if (news !== null && news.instance_id !== null && !latest.current(news)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, COALESCE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [refresh]);

  return { ...held, refresh };
}
