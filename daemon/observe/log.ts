import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports/log.ts';

/** What says what happened and nothing else: an error may carry a request, and that a password. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { name, message, code, stack, ...(cause !== undefined && { cause: plainError(cause) }) };
}

export interface LeveledLog extends Log {
  /** What is below it is not written. */
  setLevel(level: keyof Log): void;
  /** For health: false while lines cannot be written. */
  check(): { readonly ok: boolean; readonly detail: string };
}

/** Lines that wait for a reader that is not there; what is more is dropped. */
const MOST_WAITING_BYTES = 2 ** 20;

/** Backups matter more than their log: where nobody reads it any more the daemon goes on, and health says so. */
function stdout(onState: (fault: string | null) => void): DestinationStream {
  const out = pino.destination({ sync: true, maxLength: MOST_WAITING_BYTES });
  out.on('error', (error: NodeJS.ErrnoException) => onState(`stdout cannot be written (${error.code})`));
  out.on('write', () => onState(null));
  return out;
}

/** Structured reasons, dates and errors as JSON lines; the event's name is `event`, the time ISO 8601 UTC. */
export function createLog(destination?: DestinationStream, nowUtc: () => number = Date.now): LeveledLog {
  let fault: string | null = null;
  const onState = (now: string | null): void => {
    fault = now;
  };
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(nowUtc()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: plainError },
    },
    destination ?? stdout(onState),
  );
  return {
    info: (event, facts) => logger.info({ event, ...facts }),
    warn: (event, facts) => logger.warn({ event, ...facts }),
    error: (event, facts) => logger.error({ event, ...facts }),
    setLevel(level) {
      logger.level = level;
    },
    check: () => ({ ok: fault === null, detail: fault ?? 'written' }),
  };
}
