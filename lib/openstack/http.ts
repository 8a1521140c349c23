import { type Call, uncounted, withLimits } from './call.ts';
import { BodyTooLarge, connectionError } from './connection.ts';
import { type Redact, redactor } from './redact.ts';
import type { Admission, Answer, HttpOptions, WriteOptions } from './types.ts';

export interface HttpRequest {
  readonly service: Answer['service'];
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the token that goes along. */
  readonly projectId?: string;
  /** Blanked wherever an error would quote them. */
  readonly secrets: readonly string[];
}

/** A full answer, whatever its status, with the request it belongs to. */
export interface HttpAnswer {
  readonly request: HttpRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly requestId: string | undefined;
  readonly sentRequestId: string;
  readonly redact: Redact;
}

export interface Http {
  /** One attempt. Throws only where no full answer came, and what `beforeSend` throws. */
  send(request: HttpRequest, call: Call, beforeSend?: WriteOptions['beforeSend']): Promise<HttpAnswer>;
}

export function createHttp(options: HttpOptions): Http {
  // Looked up at each call, so that a fetch that is replaced later (as a test's mock does) is the one used.
  const fetchIt: typeof fetch = (input, init) => (options.fetch ?? fetch)(input, init);
  const { timeoutMs = 30_000, maxBodyBytes = 16 * 2 ** 20, onAnswer, admit } = options;

  async function send(request: HttpRequest, call: Call, beforeSend?: WriteOptions['beforeSend']): Promise<HttpAnswer> {
    const { method, url } = request;
    const { sentRequestId } = call;
    const redact = redactor(request.secrets);
    const progress: { sent: boolean; response?: Response } = { sent: false };
    const failed = (cause: unknown): never => {
      const { sent, response: begun } = progress;
      const attempt = { method, url, sentRequestId, sent, status: begun?.status, requestId: requestIdOf(begun) };
      throw connectionError(cause, attempt, redact);
    };
    if (admit) await uncounted(call, (signal) => admit(admissionOf(request), signal)).catch(failed);
    await beforeSend?.();
    const startedMs = performance.now();
    const { response, text } = await withLimits(call, timeoutMs, async (signal) => {
      progress.sent = true;
      const begun = await fetchIt(url, { ...initOf(request, sentRequestId), signal });
      progress.response = begun;
      return { response: begun, text: await readText(begun, Math.min(maxBodyBytes, call.maxBodyBytes)) };
    }).catch(failed);
    const { status, headers } = response;
    const requestId = requestIdOf(response);
    const durationMs = performance.now() - startedMs;
    report({
      service: request.service,
      method,
      url,
      status,
      dateUtc: dateOf(headers),
      durationMs,
      requestId,
      sentRequestId,
    });
    return { request, status, headers, text, requestId, sentRequestId, redact };
  }

  function report(answer: Answer): void {
    try {
      onAnswer?.(answer);
    } catch {
      // A broken metric must not make a POST look failed.
    }
  }

  return { send };
}

const admissionOf = ({ service, method, url, projectId }: HttpRequest): Admission => ({
  service,
  method,
  url,
  projectId,
});

function initOf(request: HttpRequest, sentRequestId: string): RequestInit {
  const headers = { accept: 'application/json', 'x-openstack-request-id': sentRequestId, ...request.headers };
  // A redirect is refused: it would carry the token to wherever the answer says.
  const init: RequestInit = { method: request.method, headers, redirect: 'manual' };
  if (request.body === undefined) return init;
  return { ...init, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(request.body) };
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      // Not waited for: a server that never ends its body may never end this either.
      reader.cancel().catch(() => {});
      throw new BodyTooLarge(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function requestIdOf(response: Response | undefined): string | undefined {
  return response?.headers.get('x-openstack-request-id') ?? undefined;
}

function dateOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : date;
}
