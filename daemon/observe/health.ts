/** One part of the daemon: whether it works, and if not, what is wrong. */
export interface Check {
  readonly ok: boolean;
  readonly detail: string;
}

export type Checks = Readonly<Record<string, () => Check>>;

export interface Report {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, Check>>;
}

export function report(checks: Checks): Report {
  const parts = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, check()]));
  return { ok: Object.values(parts).every(({ ok }) => ok), parts };
}
