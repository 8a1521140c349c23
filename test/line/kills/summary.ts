import type { DaemonProcess } from '../daemon-process.ts';
import type { Evidence } from './evidence.ts';

const tally = (of: Iterable<readonly [string, number]>): string =>
  [...of].map(([what, n]) => `${what} ${n}`).join(', ');

export interface Story {
  readonly seed: number;
  readonly kills: number;
  readonly strikes: ReadonlyMap<string, number>;
  readonly deeds: ReadonlyMap<string, number>;
  /** Backups of ours at once, as Trove showed them. */
  readonly most: number;
}

/** Of how many runs the daemon's lives have said so. */
export const runsSaid = ({ lines }: DaemonProcess, event: string): number =>
  new Set(lines.filter((line) => line.event === event).map((line) => line['run'])).size;

/** What happened, for people. */
export function summaryOf(daemon: DaemonProcess, { runs, ours }: Evidence, story: Story): string {
  const ends = Map.groupBy(runs, ({ state, because }) => {
    if (state === 'completed' || because === null) return state;
    return because.rule === 'expired' ? `expired: ${because.params.held.rule}` : `${state}: ${because.rule}`;
  });
  const incrementals = ours.filter(({ parentId }) => parentId !== null).length;
  const said = ['run.adopted', 'run.unknown', 'run.revived'].map((event): [string, number] => [
    event,
    runsSaid(daemon, event),
  ]);
  return [
    `seed ${story.seed}: ${story.kills} kills (${tally(story.strikes)})`,
    `${runs.length} slots: ${tally([...ends].map(([end, { length }]) => [end, length]))}`,
    `${ours.length} backups, ${incrementals} of them incrementals, at most ${story.most} at once`,
    tally(said),
    `users: ${tally(story.deeds)}`,
  ].join('\n');
}
