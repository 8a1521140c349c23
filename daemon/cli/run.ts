import yargs from 'yargs';
import { ExitError } from '../exit.ts';
import { serve } from './serve.ts';

const USAGE_CODE = 64;

/** Parses the command line and runs the command; resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  const parser = yargs(argv)
    .scriptName('trove-autobackup')
    .command(
      'serve',
      'Run the daemon until SIGTERM or SIGINT',
      (command) =>
        command.option('config', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'The YAML configuration file',
        }),
      async ({ config }) => {
        code = await serve(config);
      },
    )
    .demandCommand(1, 'Say what to do: serve')
    .strict()
    .exitProcess(false)
    .fail((message, error, instance) => {
      if (error) throw error;
      process.stderr.write(`${message}\n\n`);
      instance.showHelp();
      code = USAGE_CODE;
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
