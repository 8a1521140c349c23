// Which files run in which lane: those named here in theirs, all others in the last one.
const line = (name: string): string => `test/line/${name}.region.test.ts`;
/** So shared out that all lanes take about as long. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  kills: [
    ...['kills', 'trust'].map(line),
    // As the project `demo`, of which the lane of all others uses up the quota.
    'test/page/region/page.region.test.ts',
  ],
  fleet: [
    ...['fleet', 'failures', 'bus', 'demand', 'shut-out', 'quota'].map(line),
    // Likewise.
    'test/http/tokens.region.test.ts',
  ],
  prunes: ['prune-gone', 'prune-hangs', 'prune-kills', 'prune-waits', 'retention', 'slots'].map(line),
};
const OTHERS = 'others';

/** Lanes run side by side, each with a region of its own; the files of a lane run one after another. */
export const LANES = [...Object.keys(NAMED), OTHERS] as const;

/** What vitest is to include and exclude; without a lane it runs all files, one after another. */
export function filesOf(lane: string | undefined): { readonly include: string[]; readonly exclude: string[] } {
  if (lane !== undefined && !LANES.includes(lane)) throw new Error(`no lane "${lane}"; there are ${LANES.join(' ')}`);
  const own = lane === undefined ? undefined : NAMED[lane];
  return {
    include: [...(own ?? ['test/**/*.region.test.ts'])],
    exclude: lane === OTHERS ? Object.values(NAMED).flat() : [],
  };
}
