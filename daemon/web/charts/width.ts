import type { Ref } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width that an element has now, in px: a chart is drawn for it, so that its letters keep their size. */
export function useWidth<E extends HTMLElement>(first = 640): readonly [Ref<E>, number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(200, Math.floor(element.clientWidth))));
    watch.observe(element);
    setWidth(Math.max(200, Math.floor(element.clientWidth)));
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}
