import { type App, startApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { EXIT, ExitError } from '../exit.ts';
import { createSupervisor } from '../supervisor.ts';
import { hearSignals } from './signals.ts';

/** Runs the daemon; 0 after a signal, 70 when a part of it could not be kept running. @throws ExitError where that says why */
export async function serve(configPath: string): Promise<number> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const load = () => loadConfig(configPath);
  let app: App | null = null;
  let stopAsked = false;
  let reloadAsked = false;
  const supervisor = createSupervisor(process.env, (error) =>
    app?.log.warn('supervisor.deaf', { err: error, hint: 'systemd could not be told; is systemd-notify there?' }),
  );
  const deafen = hearSignals({
    onStop() {
      // Who asks twice does not want to wait.
      if (stopAsked) app?.hurry();
      stopAsked = true;
      stop();
    },
    onReload() {
      reloadAsked = true;
      if (app) reload(app);
    },
  });
  function reload(running: App): void {
    supervisor.reloading();
    running.reload(load);
    supervisor.ready();
  }
  try {
    app = await startApp(load());
    supervisor.ready();
    const rest = supervisor.watch();
    if (reloadAsked) reload(app);
    const fault: unknown = await Promise.race([
      stopped.then(() => null),
      app.ended.then(
        () => null,
        (error: unknown) => error,
      ),
    ]);
    supervisor.stopping();
    await app.stop();
    rest();
    await supervisor.told();
    if (fault instanceof ExitError) throw fault;
    return fault === null ? 0 : EXIT.software;
  } finally {
    deafen();
  }
}
