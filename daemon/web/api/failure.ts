import type { ErrorBody } from '../../http/contract/common.ts';

/** Why there is no answer: data, so that the page can say it in whatever language is chosen by then. */
export interface Failure {
  readonly kind: 'refused' | 'unreachable' | 'not-understood';
  /** 0 where nothing answered. */
  readonly status: number;
  /** A word for programs. */
  readonly title: string;
  /** In the service's words. */
  readonly message: string;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | null;
  /** In which its message and hint are. */
  readonly language: string;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly etag: string | null }
  | { readonly ok: false; readonly failure: Failure };

const NOTHING = { hint: null, requestId: null, details: {}, retryAfterMs: null, language: 'en' };

export const unreachable = (cause: unknown): Failure => ({
  ...NOTHING,
  kind: 'unreachable',
  status: 0,
  title: 'unreachable',
  message: String(cause),
});

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}

/** A proxy in between answers in a form of its own: then the status is all that is known. */
export async function failureOf(response: Response): Promise<Failure> {
  const { status } = response;
  const known = { status, requestId: response.headers.get('x-openstack-request-id') };
  const retryAfterMs = retryAfter(response);
  try {
    const { error } = (await response.json()) as ErrorBody;
    const { title, message, hint, request_id: requestId, details = {} } = error;
    const language = response.headers.get('content-language') ?? 'en';
    return { ...known, kind: 'refused', title, message, hint, requestId, details, retryAfterMs, language };
  } catch {
    const message = `HTTP ${status} ${response.statusText}`.trim();
    return { ...NOTHING, ...known, kind: 'not-understood', title: 'not-understood', message, retryAfterMs };
  }
}
