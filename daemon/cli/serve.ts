import { startApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { EXIT } from '../exit.ts';

/** Resolves at the first SIGTERM or SIGINT. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve());
  });
}

/** Runs the daemon; 0 after a signal, 70 when a part of it could not be kept running. */
export async function serve(configPath: string): Promise<number> {
  const stopped = signalled();
  const app = await startApp(loadConfig(configPath));
  const code = await Promise.race([
    stopped.then(() => 0),
    app.ended.then(
      () => 0,
      () => EXIT.software,
    ),
  ]);
  await app.stop();
  return code;
}
