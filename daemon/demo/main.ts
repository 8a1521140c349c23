import { runDemo } from './demo.ts';
import { type DemoOptions, parseOptions, USAGE } from './options.ts';

const USAGE_CODE = 64;
const INTERRUPTED_CODE = 130;

async function main(args: readonly string[]): Promise<number> {
  let options: DemoOptions | null;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return USAGE_CODE;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // The first asks it to end in order; who asks again does not want to wait.
    process.on(name, () => (ending.signal.aborted ? process.exit(INTERRUPTED_CODE) : ending.abort()));
  }
  try {
    const { ok, interrupted } = await runDemo(options, process.stdout, ending.signal);
    if (!ok) return 1;
    return interrupted && !options.forever ? INTERRUPTED_CODE : 0;
  } catch (error) {
    if (ending.signal.aborted) return INTERRUPTED_CODE;
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
