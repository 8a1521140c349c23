import type { Ref } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface View {
  /** The rows that are drawn: those in the window and some beyond it. */
  readonly from: number;
  readonly to: number;
}

const BEYOND = 12;

/** Which rows of a long list lie in the window. Each is `rowPx` high. */
export function useView<E extends HTMLElement>(rowPx: number): readonly [Ref<E>, View] {
  const ref = useRef<E>(null);
  const [view, setView] = useState<View>({ from: 0, to: 40 });
  useEffect(() => {
    let asked = 0;
    const look = (): void => {
      asked = 0;
      const top = -(ref.current?.getBoundingClientRect().top ?? 0);
      const first = Math.max(0, Math.floor(top / rowPx) - BEYOND);
      const last = Math.max(0, Math.ceil((top + innerHeight) / rowPx) + BEYOND);
      setView((old) => (old.from === first && old.to === last ? old : { from: first, to: last }));
    };
    const ask = (): void => {
      if (asked === 0) asked = requestAnimationFrame(look);
    };
    addEventListener('scroll', ask, { passive: true });
    addEventListener('resize', ask);
    look();
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', ask);
      removeEventListener('resize', ask);
    };
  }, [rowPx]);
  return [ref, view];
}

/** Whether the window is as narrow as that now. */
export function useNarrow(query: string): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = (): void => setNarrow(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [query]);
  return narrow;
}
