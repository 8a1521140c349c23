/** One figure of a bench: what was measured, beside what it must be. */
export interface Figure {
  readonly what: string;
  /** With its unit, as it is to stand in a table. */
  readonly measured: string;
  /** Empty for a figure that is only told. */
  readonly target: string;
  readonly ok: boolean;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** The value below which a share of the values lies: `percentile(values, 0.99)`. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** A number that must not be larger than `atMost`; infinite for one that is only told. */
export function figure(what: string, value: number, atMost: number, unit: string): Figure {
  const target = atMost === Number.POSITIVE_INFINITY ? '' : `at most ${atMost} ${unit}`;
  return { what, measured: `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`, target, ok: value <= atMost };
}

/** Tells people and `main.ts`; the exit code is 1 where a target was missed. */
export function report(bench: string, figures: readonly Figure[]): void {
  for (const { what, measured, target, ok } of figures) {
    process.stdout.write(`${ok ? ' ok ' : 'MISS'}  ${what}: ${measured}${target && ` (${target})`}\n`);
  }
  process.stdout.write(`${JSON.stringify({ bench, figures })}\n`);
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1;
}
