import { type App, startApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { EXIT } from '../exit.ts';
import { hearSignals } from './signals.ts';

/** Runs the daemon; 0 after a signal, 70 when a part of it could not be kept running. */
export async function serve(configPath: string): Promise<number> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const load = () => loadConfig(configPath);
  let app: App | null = null;
  let stopAsked = false;
  let reloadAsked = false;
  const deafen = hearSignals({
    onStop() {
      // Who asks twice does not want to wait.
      if (stopAsked) app?.hurry();
      stopAsked = true;
      stop();
    },
    onReload() {
      if (app) app.reload(load);
      else reloadAsked = true;
    },
  });
  try {
    app = await startApp(load());
    if (reloadAsked) app.reload(load);
    const { ended } = app;
    const code = await Promise.race([
      stopped.then(() => 0),
      ended.then(
        () => 0,
        () => EXIT.software,
      ),
    ]);
    await app.stop();
    return code;
  } finally {
    deafen();
  }
}
