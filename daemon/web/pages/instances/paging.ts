import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { InstanceRow } from '../../../http/contract/instance.ts';
import { call, type Wish } from '../../api/client.ts';
import type { Failure } from '../../api/failure.ts';
import { listen, type News } from '../../api/live.ts';
import { language } from '../../i18n/language.ts';
import { PAGE_ROWS, type Part, spoiledBy, wantedPart } from './parts.ts';

export type ListQuery = NonNullable<Wish<'GET v1/instances'>['query']>;

const COALESCE_MS = 1_500;

interface Held {
  readonly key: string;
  readonly parts: readonly Part[];
  readonly failure: Failure | null;
}

export interface Paging {
  readonly rows: readonly InstanceRow[];
  readonly failure: Failure | null;
  /** Nothing is known of this query yet. */
  readonly isFirst: boolean;
  readonly isComplete: boolean;
  readonly retry: () => void;
}

const nextIn = (links: readonly { readonly rel: string; readonly href: string }[]): string | null =>
  new URLSearchParams(links.find(({ rel }) => rel === 'next')?.href.split('?')[1] ?? '').get('marker');

/** Rows of the list, read a part at a time as they come into view, and again when something in view has changed. */
export function usePaging(query: ListQuery, from: number, to: number): Paging {
  const key = JSON.stringify([query, language.value]);
  const [held, hold] = useState<Held>({ key, parts: [], failure: null });
  const [tries, setTries] = useState(0);
  const shown = held.key === key ? held.parts : [];
  const wanted = wantedPart(shown, from, to);
  const wish = held.key === key && held.failure ? null : wanted && JSON.stringify(wanted);
  const before = useRef<readonly InstanceRow[]>([]);

  useEffect(() => {
    if (!wanted || wish === null) return;
    const ending = new AbortController();
    const marker = wanted.marker === null ? {} : { marker: wanted.marker };
    void call('GET v1/instances', { query: { ...query, limit: PAGE_ROWS, ...marker }, signal: ending.signal }).then(
      (answer) => {
        if (ending.signal.aborted) return;
        hold((old) => {
          const parts = old.key === key ? old.parts : [];
          if (!answer.ok) return { key, parts, failure: answer.failure };
          const { instances: rows, instances_links: links } = answer.value;
          const part: Part = { marker: wanted.marker, rows, next: nextIn(links), isStale: false };
          return {
            key,
            failure: null,
            parts: [...parts.slice(0, wanted.index), part, ...parts.slice(wanted.index + 1)],
          };
        });
      },
    );
    return () => ending.abort();
  }, [key, wish, tries]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let heard: News[] = [];
    const spoil = (): void => {
      timer = undefined;
      const news = heard;
      heard = [];
      hold((old) => ({ ...old, parts: spoiledBy(old.parts, news) }));
    };
    const stop = listen((news) => {
      heard.push(news);
      timer ??= setTimeout(spoil, COALESCE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);

  const retry = useCallback(() => {
    hold((old) => ({ ...old, failure: null }));
    setTries((n) => n + 1);
  }, []);
  const isFirst = held.key !== key || (held.parts.length === 0 && !held.failure);
  // What was shown stays until the answer to the new question is there, so that typing does not make it flicker.
  if (!isFirst) before.current = held.parts.flatMap(({ rows }) => rows);
  const isComplete = !isFirst && held.parts.at(-1)?.next === null;
  return { rows: before.current, failure: held.key === key ? held.failure : null, isFirst, isComplete, retry };
}
