export interface SignalHandlers {
  /** SIGTERM or SIGINT. */
  onStop(): void;
  onReload(): void;
}

const STOPS = ['SIGTERM', 'SIGINT'] as const;

/** Hears signals until the returned function is called; left alone, each of them would end the process at once. */
export function hearSignals({ onStop, onReload }: SignalHandlers): () => void {
  for (const name of STOPS) process.on(name, onStop);
  process.on('SIGHUP', onReload);
  return () => {
    for (const name of STOPS) process.off(name, onStop);
    process.off('SIGHUP', onReload);
  };
}
