import { IDENTITY_PATH } from './catalogue.ts';
import { type Answer, challenge, type Json } from './wire.ts';

/** An error of Keystone's API, on its way to be a body. Keystone: keystone/exception.py */
export class KeystoneFault extends Error {
  readonly status: number;
  readonly title: string;
  /** What some refused sign-ins carry beside code, message and title. */
  readonly identity: Json | undefined;

  constructor(status: number, message: string, identity?: Json) {
    super(message);
    this.name = 'KeystoneFault';
    this.status = status;
    this.title = TITLES[status] ?? 'Internal Server Error';
    this.identity = identity;
  }
}

/** The token itself is unknown, run out, revoked, or opens nothing any more: a 404 of a subject, a 401 of a caller. */
export class TokenFault extends KeystoneFault {
  constructor(message: string) {
    super(404, message);
    this.name = 'TokenFault';
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

export const unauthorized = (): KeystoneFault =>
  new KeystoneFault(401, 'The request you have made requires authentication.');

/** `because` as Keystone puts it: the name of a rule, or a sentence, whose full stop then comes twice. */
export const forbidden = (because?: string): KeystoneFault =>
  new KeystoneFault(
    403,
    `You are not authorized to perform the requested action${because === undefined ? '' : `: ${because}`}.`,
  );

export const malformed = (problem: string): KeystoneFault =>
  new KeystoneFault(
    400,
    `${problem}. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.`,
  );

export const absent = (what: string, id: string): KeystoneFault =>
  new KeystoneFault(404, `Could not find ${what}: ${id}.`);

export function keystoneAnswer(fault: KeystoneFault, origin: string): Answer {
  const { status, title, message, identity } = fault;
  const body = { error: { code: status, ...(identity && { identity }), message, title } };
  return status === 401 ? { status, body, headers: challenge(`${origin}${IDENTITY_PATH}`) } : { status, body };
}
