/** What a service answers: a JSON body (or text, or none) with its status and headers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error of Trove's API, on its way to be a body. Trove: trove/common/wsgi.py, Controller.exception_map and Fault */
export class TroveFault extends Error {
  readonly status: number;
  readonly kind: string;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'TroveFault';
    this.status = status;
    this.kind = KINDS[status] ?? 'instanceFault';
  }
}

const KINDS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflict',
  413: 'overLimit',
  422: 'unprocessableEntity',
  500: 'instanceFault',
  501: 'notImplemented',
};

export const notFound = (id: string): TroveFault => new TroveFault(404, `Resource ${id} cannot be found.`);
export const noSuchPath = (): TroveFault => new TroveFault(404, 'The resource could not be found.');

/** What Trove answers where its own code stumbles, as over `limit=x`. */
export const internalError = (errorId: string): TroveFault =>
  new TroveFault(
    500,
    `Internal Server Error. Please keep this ID to help us figure out what went wrong: (${errorId}).`,
  );

export function faultAnswer(fault: TroveFault, identityUrl: string): Answer {
  const body = { [fault.kind]: { code: fault.status, message: fault.message } };
  // keystonemiddleware marks every 401 that leaves Trove, also those that are not about the token.
  return fault.status === 401 ? { status: 401, body, headers: challenge(identityUrl) } : { status: fault.status, body };
}

export const challenge = (identityUrl: string): Record<string, string> => ({
  'Www-Authenticate': `Keystone uri="${identityUrl}"`,
});

/**
 * An error that Trove's middleware answers before Trove's own code is asked: its form depends on the Accept header.
 * Who accepts neither HTML nor JSON gets Trove's usual body. Trove: trove/common/wsgi.py, FaultWrapper; webob/exc.py
 */
export function webobError(status: number, title: string, text: string, accept: string): Answer {
  const form = prefers(accept);
  const line = `${status} ${title}`;
  if (form === 'html') {
    const html = `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${text}\n </body>\n</html>`;
    return { status, body: html, headers: { 'Content-Type': 'text/html; charset=UTF-8' } };
  }
  if (form === 'json') return { status, body: { message: text, code: line, title } };
  const kind = KINDS[status];
  if (kind !== undefined) return { status, body: { [kind]: { code: status, message: text.split('<br')[0] } } };
  return { status, body: `${line}\n\n${text}`, headers: { 'Content-Type': 'text/plain; charset=UTF-8' } };
}

/** Of HTML and JSON, the one the header likes better; HTML when it likes both alike. */
function prefers(accept: string): 'html' | 'json' | 'neither' {
  const quality = (type: string) => {
    const weights = accept.split(',').map((part) => part.trim().split(/\s*;\s*q=/));
    const found = weights.find(([name]) => name === type) ?? weights.find(([name]) => name === '*/*');
    return found === undefined ? 0 : Number(found[1] ?? 1);
  };
  const html = quality('text/html');
  const json = quality('application/json');
  if (html === 0 && json === 0) return 'neither';
  return json > html ? 'json' : 'html';
}

export function toResponse(answer: Answer, headers: Readonly<Record<string, string>>): Response {
  const text =
    typeof answer.body === 'string' ? answer.body : answer.body === null ? null : JSON.stringify(answer.body);
  return new Response(text, {
    status: answer.status,
    headers: { 'Content-Type': 'application/json', ...headers, ...answer.headers },
  });
}

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
