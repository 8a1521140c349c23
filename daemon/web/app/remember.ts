/** What the viewer chose, from one visit to the next. A browser may keep nothing: then it is as at the first visit. */
const PREFIX = 'trove-autobackup.';

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null; // storage is forbidden here
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // storage is full or forbidden: the choice holds until the page is left
  }
}
