import { createRequire } from 'node:module';
import yargs from 'yargs';
import { EXIT, ExitError } from '../exit.ts';
import { checkConfig } from './check-config.ts';
import { serve } from './serve.ts';

const { version } = createRequire(import.meta.url)('trove-autobackup/package.json') as { version: string };

const CONFIG = {
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'The YAML configuration file',
} as const;

/** Parses the command line and runs the command; resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  const parser = yargs(argv)
    .scriptName('trove-autobackup')
    .version(version)
    .command(
      'serve',
      'Run the daemon until SIGTERM or SIGINT',
      (command) => command.option('config', CONFIG),
      async ({ config }) => {
        code = await serve(config);
      },
    )
    .command(
      'check-config',
      'Say whether a configuration can be used, and what it means; asks neither cloud nor bus',
      (command) => command.option('config', CONFIG),
      ({ config }) => {
        code = checkConfig(config);
      },
    )
    .demandCommand(1, 'Say what to do: serve or check-config')
    .strict()
    .exitProcess(false)
    .fail((message, error, instance) => {
      if (error) throw error;
      process.stderr.write(`${message}\n\n`);
      instance.showHelp();
      code = EXIT.usage;
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    process.stderr.write(`trove-autobackup: ${error.message}\n`);
    return error.code;
  }
  return code;
}
