/** Exit codes as sysexits.h names them. */
export const EXIT = { usage: 64, software: 70, busy: 75, config: 78 } as const;

/** Ends the process with a code; `message` is one sentence that says what to do next. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: number;

  constructor(kind: keyof typeof EXIT, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = EXIT[kind];
  }
}
