/** What is needed of `process.stdout`. */
export interface Sink {
  readonly writableLength: number;
  write(text: string, done: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

export interface Output {
  write(line: string): void;
  /** Lines that were never written. */
  lost(): number;
  /** Resolves when lines can be written again without waiting long; or after a second, whoever does not read. */
  drained(): Promise<void>;
  /** For health: false while lines cannot be written. */
  check(): { readonly ok: boolean; readonly detail: string };
}

/** Lines that wait for a reader that is slow or not there; what is more is lost. */
const MOST_WAITING_BYTES = 2 ** 20;
const LONGEST_WAIT_MS = 1_000;

/**
 * Backups matter more than their log: where nobody reads it the daemon goes on, and health and metrics say so. A stream
 * writes at once while there is room and else waits for it: a write that must succeed would stop everything meanwhile.
 */
export function outputTo(sink: Sink): Output {
  let lost = 0;
  let fault: string | null = null;
  const failed = ({ code = 'unknown' }: NodeJS.ErrnoException): void => {
    fault = `stdout cannot be written (${code})`;
  };
  sink.on('error', failed); // each is told to its write, too

  return {
    write(line) {
      if (sink.writableLength + line.length > MOST_WAITING_BYTES) {
        lost += 1;
        fault = 'stdout is not read';
        return;
      }
      sink.write(line, (error) => {
        if (error) lost += 1;
        else fault = null;
      });
    },
    lost: () => lost,
    drained() {
      if (sink.writableLength < MOST_WAITING_BYTES / 4) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          sink.off('drain', end);
          resolve();
        };
        const timer = setTimeout(end, LONGEST_WAIT_MS);
        sink.once('drain', end);
      });
    },
    check: () => ({ ok: fault === null, detail: fault ?? 'written' }),
  };
}
