import type { z } from 'zod';
import { OpenStackError } from './errors.ts';
import type { HttpAnswer } from './http.ts';

/** The body as the schema says, or an error that names the first field that is not. */
export function parseBody<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    throw malformed(answer, 'body', 'is not JSON');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw malformed(answer, fieldName(issue?.path ?? []), issue?.message ?? 'is not valid');
}

export function malformed(answer: HttpAnswer, field: string, problem: string): OpenStackError {
  const { method, url } = answer.request;
  const message = `${method} ${url}: ${answer.status}, but in the answer ${field}: ${problem}; is this the right service and version?`;
  return new OpenStackError(answer.redact(message), {
    code: 'malformed',
    delivery: 'answered',
    status: answer.status,
    requestId: answer.requestId,
    sentRequestId: answer.sentRequestId,
    method,
    url,
    field,
  });
}

/** `backups[3].created` */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name.replace(/^\./, '') || 'body';
}
