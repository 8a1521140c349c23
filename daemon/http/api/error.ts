import type { Language } from '../../../lib/core/index.ts';

/** What is wrong, and what to do next. */
export type Words = readonly [message: string, hint: string | null];

/** An answer that is no success. `hint` says what to do next. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** A word for programs. */
  readonly title: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly #words: ((language: Language) => Words) | undefined;

  constructor(status: number, title: string, message: string, more: ErrorFacts = {}) {
    super(message, { cause: more.cause });
    this.status = status;
    this.title = title;
    this.hint = more.hint ?? null;
    this.details = more.details;
    this.headers = more.headers ?? {};
    this.#words = more.words;
  }

  /** In whose language it is said: what only programs do wrong is said in English to everybody. */
  said(language: Language): { readonly words: Words; readonly language: Language } {
    return this.#words
      ? { words: this.#words(language), language }
      : { words: [this.message, this.hint], language: 'en' };
  }
}

export interface ErrorFacts {
  readonly hint?: string;
  /** The same in each language. */
  readonly words?: (language: Language) => Words;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}
