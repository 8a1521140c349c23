/** Exit codes as sysexits.h names them. */
export const EXIT = { usage: 64, software: 70, busy: 75, config: 78 } as const;

/** What the file system says of a path that the operator has to see to. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'no space is left',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_CANTOPEN_ISDIR: 'it is a folder',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_FULL: 'no space is left',
};

/** Runs `open`; a path that cannot be used is one sentence and exit code 78. */
export function usablePath<T>(setting: string, path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const why = FILE_ERRORS[(error as { code?: string }).code ?? ''];
    if (why === undefined) throw error;
    throw new ExitError('config', `${setting} ${path} cannot be used: ${why}`, { cause: error });
  }
}

/** Ends the process with a code; `message` is one sentence that says what to do next. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: number;

  constructor(kind: keyof typeof EXIT, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = EXIT[kind];
  }
}
