import { newKey } from './key.ts';

/** A key of one's own for each thing that is asked for, and the same one as long as it is the same that is asked for. */
export function keyRing(): (asked: unknown) => string {
  let [last, key] = ['', ''];
  return (asked) => {
    const text = JSON.stringify(asked);
    if (text !== last) [last, key] = [text, newKey()];
    return key;
  };
}
