import { systemClock } from '../clock.ts';
import { describe } from '../config/describe.ts';
import { loadConfig } from '../config/load.ts';

/** Reads the configuration and the secrets that it names, and tells what it means; asks nobody. @throws ExitError 78 */
export function checkConfig(path: string): number {
  const { config, exposed } = loadConfig(path);
  process.stdout.write(`${path} can be used\n${describe(config, systemClock.nowUtc())}`);
  for (const file of exposed) process.stderr.write(`any user may read ${file}; run: chmod o-r ${file}\n`);
  return 0;
}
