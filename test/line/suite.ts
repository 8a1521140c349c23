import { faults } from './faults.ts';
import { describeOn } from './line.ts';
import { schedules } from './schedules.ts';
import type { World } from './world.ts';

export interface LineOptions {
  /** How often the daemon is killed between a request and its answer. */
  readonly kills: number;
  /** Each call of `open` gives a region of its own: its tests run beside those of the other. */
  readonly beside?: boolean;
}

/** The main job from the bus message to the adopted backup, on whatever region `open` gives. */
export function describeLine(name: string, open: () => Promise<World>, options: LineOptions): void {
  const { beside = false } = options;
  describeOn(name, open, beside, schedules);
  describeOn(`${name}, with faults`, open, beside, (line) => faults(line, options));
}
