import { type Event, type History, live } from './history.ts';

const breaks = (history: History): boolean => live(history).broken.length > 0;

/** Without every stretch of so many events that it breaks a law without. */
function without(history: History, length: number): History {
  let shorter = history;
  for (let from = 0; from < shorter.events.length; ) {
    const events = shorter.events.toSpliced(from, length);
    if (breaks({ ...shorter, events })) shorter = { ...shorter, events };
    else from += length;
  }
  return shorter;
}

/** Each event as plain as it may be. */
function plainer(history: History): History {
  let plain = history;
  for (let at = 0; at < plain.events.length; at++) {
    const [deed, pick, after] = plain.events[at] ?? ['time passes', 0, 0];
    const simpler: readonly Event[] = [
      [deed, 0, 0],
      [deed, pick, 0],
      [deed, pick % 8, after],
    ];
    for (const event of simpler) {
      const events = plain.events.with(at, event);
      if (breaks({ ...plain, events })) {
        plain = { ...plain, events };
        break;
      }
    }
  }
  return plain;
}

/** A history that breaks a law as well, from which nothing can be left out: in a second, where fast-check takes minutes. */
export function shortened(history: History): History {
  let shortest = history;
  for (let before = Number.POSITIVE_INFINITY; shortest.events.length < before; ) {
    before = shortest.events.length;
    for (let length = Math.ceil(before / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
      shortest = without(shortest, length);
    }
    shortest = plainer(shortest);
  }
  return shortest;
}
