/** Blanks secrets that a server or a fetch quotes back. To be used before a text is cut: half a secret is one still. */
export type Redact = (text: string) => string;

export function redactor(secrets: readonly string[]): Redact {
  const known = secrets.filter((secret) => secret !== '');
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** A copy of an error for `cause`: its names, codes and messages without secrets, and nothing else it may carry. */
export function redactCause(cause: unknown, redact: Redact, depth = 3): unknown {
  if (!(cause instanceof Error)) return redact(String(cause));
  const inner = cause.cause === undefined || depth === 0 ? undefined : redactCause(cause.cause, redact, depth - 1);
  const copy = new Error(redact(cause.message), inner === undefined ? undefined : { cause: inner });
  copy.stack = redact(`${cause.name}: ${cause.message}`);
  for (const key of ['code', 'syscall'] as const) {
    const value = Reflect.get(cause, key);
    if (typeof value === 'string') Object.defineProperty(copy, key, { value, enumerable: true });
  }
  return Object.defineProperty(copy, 'name', { value: cause.name });
}
