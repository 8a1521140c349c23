/** A table's key is a method and a path; `*` stands for one part of the path. */
export type Routes<Action> = Readonly<Record<string, Action>>;

export interface Found<Action> {
  readonly action: Action;
  /** What stands for `*`, in order. */
  readonly ids: readonly string[];
}

export function findRoute<Action>(routes: Routes<Action>, method: string, path: string): Found<Action> | undefined {
  const parts = path.split('/');
  for (const [key, action] of Object.entries(routes)) {
    const ids = matched(key, method, parts);
    if (ids !== null) return { action, ids };
  }
  return undefined;
}

function matched(key: string, method: string, parts: readonly string[]): readonly string[] | null {
  const [verb, route = ''] = key.split(' ');
  const steps = route.split('/');
  if (verb !== method || steps.length !== parts.length) return null;
  const fits = steps.every((step, at) => (step === '*' ? parts[at] !== '' : step === parts[at]));
  return fits ? parts.filter((_, at) => steps[at] === '*') : null;
}
