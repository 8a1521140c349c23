import { pino } from 'pino';
import type { Log } from '../ports/log.ts';
import { type Output, outputTo, type Sink } from './output.ts';

/** What says what happened and nothing else: an error may carry a request, and that a password. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { name, message, code, stack, ...(cause !== undefined && { cause: plainError(cause) }) };
}

export interface LeveledLog extends Log, Pick<Output, 'lost' | 'drained' | 'check'> {
  /** What is below it is not written. */
  setLevel(level: keyof Log): void;
}

/** Structured reasons, dates and errors as JSON lines; the event's name is `event`, the time ISO 8601 UTC. */
export function createLog(sink: Sink = process.stdout, nowUtc: () => number = Date.now): LeveledLog {
  const output = outputTo(sink);
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(nowUtc()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: plainError },
    },
    output,
  );
  return {
    info: (event, facts) => logger.info({ event, ...facts }),
    warn: (event, facts) => logger.warn({ event, ...facts }),
    error: (event, facts) => logger.error({ event, ...facts }),
    setLevel(level) {
      logger.level = level;
    },
    lost: output.lost,
    drained: output.drained,
    check: output.check,
  };
}
