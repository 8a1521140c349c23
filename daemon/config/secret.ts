import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Where a secret was written down: what decides who else can read it. */
export type SecretSource =
  | { readonly kind: 'configuration' }
  | { readonly kind: 'environment' }
  | { readonly kind: 'file'; readonly path: string };

/** Prints masked wherever it lands: only `reveal()` gives it out. */
export class Secret {
  readonly #text: string;
  readonly source: SecretSource;
  constructor(value: string, source: SecretSource = { kind: 'configuration' }) {
    this.#text = value;
    this.source = source;
  }
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

const REFERENCE = /\$?\$\{([^}]*)\}?/g;
const NAME = /^[A-Z_][A-Z0-9_]*$/;

/** `${NAME}` as the environment has it; `$${` is `${` itself. A name in small letters may be a piece of a password. */
function substituted(text: string, context: z.RefinementCtx): { readonly text: string; readonly used: boolean } {
  let used = false;
  const refuse = (message: string): string => {
    context.addIssue({ code: 'custom', message });
    return '';
  };
  const whole = text.replace(REFERENCE, (found, name: string) => {
    if (found.startsWith('$$')) return found.slice(1);
    if (!NAME.test(name) || !found.endsWith('}')) {
      return refuse(`has a "\${" that names no environment variable; write \${NAME} in capitals, or $\${ for the text`);
    }
    used = true;
    const value = process.env[name] ?? '';
    return value || refuse(`names the environment variable ${name}, which is not set or empty; set it`);
  });
  return { text: whole, used };
}

const text = z.string().min(1);

/** A secret as text, with `${NAME}` from the environment. */
export const secretSchema = text.transform((written, context) => {
  const { text: whole, used } = substituted(written, context);
  return new Secret(whole, { kind: used ? 'environment' : 'configuration' });
});

function contentOf(path: string, context: z.RefinementCtx): string {
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let content: string;
  try {
    content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(`${path} cannot be read (${code}); check the path, and that the daemon's user may read it`);
  }
  if (content === '') return refuse(`${path} is empty; write the secret into it`);
  if (/[\r\n]/.test(content)) return refuse(`${path} has several lines; it must hold the secret alone`);
  return content;
}

/** A secret as the path of a file that holds it, as `${CREDENTIALS_DIRECTORY}/name`; the line break at its end is not of it. */
export const secretFileSchema = text.transform((written, context) => {
  const { text: path } = substituted(written, context);
  if (context.issues.length > 0) return z.NEVER;
  return new Secret(contentOf(path, context), { kind: 'file', path });
});

/** Of `name` and `name_file` exactly one is given. */
export function oneSecret(
  name: string,
  { inline, file }: { readonly inline: Secret | undefined; readonly file: Secret | undefined },
  context: z.RefinementCtx,
): Secret {
  const only = inline && file ? undefined : (inline ?? file);
  if (only) return only;
  const both = `goes in the place of ${name}; give one of the two`;
  const none = `missing; set it, or ${name}_file to the path of a file that holds it`;
  const [key, message] = inline ? [`${name}_file`, both] : [name, none];
  context.addIssue({ code: 'custom', path: [key], message });
  return z.NEVER;
}
