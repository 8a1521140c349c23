export interface Places {
  /** null where there is none any more; else what gives it back. */
  take(user: string): (() => void) | null;
}

/** So many at once for each, and so many for all. */
export function createPlaces(perUser: number, all: number): Places {
  const taken = new Map<string, number>();
  let sum = 0;
  const change = (user: string, by: 1 | -1): void => {
    const own = (taken.get(user) ?? 0) + by;
    if (own === 0) taken.delete(user);
    else taken.set(user, own);
    sum += by;
  };
  return {
    take(user) {
      if (sum >= all || (taken.get(user) ?? 0) >= perUser) return null;
      change(user, 1);
      let isTaken = true;
      return () => {
        if (isTaken) change(user, -1);
        isTaken = false;
      };
    },
  };
}
