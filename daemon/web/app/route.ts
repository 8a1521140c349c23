import { signal } from '@preact/signals';

/** Where the page is: all of it lies behind `#`, so that it works below any path of any proxy. */
export interface Route {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | null | undefined>>;

export function readHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '');
  return { path: parts.map(decoded), query: Object.fromEntries(new URLSearchParams(query)) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody wrote a % by hand
  }
}

/** `#/instances/x?state=late`; what is null, undefined or empty is left out. */
export function href(path: readonly string[], query: Query = {}): string {
  const set = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  const text = new URLSearchParams(set).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

export const route = signal<Route>(readHash(location.hash));
addEventListener('hashchange', () => {
  route.value = readHash(location.hash);
});

export function go(path: readonly string[], query: Query = {}): void {
  location.hash = href(path, query);
}

/** Changes what stands in the address without a step in the history: for filters that are typed. */
export function amendQuery(change: Query): void {
  const { path, query } = route.value;
  history.replaceState(history.state, '', href(path, { ...query, ...change }));
  route.value = readHash(location.hash);
}
