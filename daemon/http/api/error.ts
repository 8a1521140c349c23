/** An answer that is no success. `hint` says what to do next. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** A word for programs. */
  readonly title: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, title: string, message: string, more: ErrorFacts = {}) {
    super(message, { cause: more.cause });
    this.status = status;
    this.title = title;
    this.hint = more.hint ?? null;
    this.details = more.details;
    this.headers = more.headers ?? {};
  }
}

export interface ErrorFacts {
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Of what the caller's project does not have, though another may: the same answer as for what nobody has. */
export const notFound = (what: string, id: string): ApiError =>
  new ApiError(404, 'not-found', `there is no ${what} ${id} in your project`, {
    hint: 'take an id that a list of your project shows; an admin may add all_projects=true',
  });

export const tooMany = (waitMs: number, message: string): ApiError => {
  const seconds = String(Math.ceil(waitMs / 1_000));
  return new ApiError(429, 'too-many-requests', message, {
    hint: `try again in ${seconds} s`,
    headers: { 'retry-after': seconds },
  });
};
