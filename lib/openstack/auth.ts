/** A secret, or what gives it each time it is needed: a function prints as one, and may give a new password later. */
export type Secret = string | (() => string);

/** A domain, of which a name and an id are two different things: `Default` has the id `default`. */
export type DomainRef = { readonly id: string } | { readonly name: string };

/** A user; a name is unique within its domain only. */
export type UserRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef };

/** A user and a password. (Keystone: keystone/auth/plugins/password.py) */
export interface PasswordAuth {
  readonly method: 'password';
  readonly user: UserRef;
  readonly password: Secret;
}

/**
 * A token that somebody else got, rescoped. It is never renewed beyond its own end, and Keystone rescopes neither a token of
 * a trust nor one of an application credential. (Keystone: keystone/auth/plugins/token.py token_authenticate)
 */
export interface TokenAuth {
  readonly method: 'token';
  readonly token: Secret;
}

/**
 * An application credential, by its id, or by its name and its user. Its project is fixed: any other scope is refused here,
 * since Keystone takes none at all. (Keystone: keystone/auth/core.py _validate_and_normalize_scope_data)
 */
export type ApplicationCredentialAuth = {
  readonly method: 'applicationCredential';
  readonly secret: Secret;
} & ({ readonly id: string } | { readonly name: string; readonly user: UserRef });

/** Every way to sign in. A trust is no way of its own but a scope: whoever signs in must be its trustee. */
export type Auth = PasswordAuth | TokenAuth | ApplicationCredentialAuth;

/** The short form of the most common way: a name, its domain's name (default `Default`), a password. */
export interface SimpleAuth {
  readonly username: string;
  readonly password: Secret;
  readonly userDomainName?: string | undefined;
}

export function authOf(options: SimpleAuth | { readonly auth: Auth }): Auth {
  if ('auth' in options) return options.auth;
  const { username, password, userDomainName = 'Default' } = options;
  return { method: 'password', user: { name: username, domain: { name: userDomainName } }, password };
}

const reveal = (secret: Secret): string => (typeof secret === 'string' ? secret : secret());

export function secretOf(auth: Auth): string {
  switch (auth.method) {
    case 'password':
      return reveal(auth.password);
    case 'token':
      return reveal(auth.token);
    case 'applicationCredential':
      return reveal(auth.secret);
  }
}

/** As Keystone takes it. (Keystone: keystone/auth/schema.py token_issue) */
export function identityBody(auth: Auth): object {
  const secret = secretOf(auth);
  switch (auth.method) {
    case 'password':
      return { methods: ['password'], password: { user: { ...auth.user, password: secret } } };
    case 'token':
      return { methods: ['token'], token: { id: secret } };
    case 'applicationCredential': {
      const which = 'id' in auth ? { id: auth.id } : { name: auth.name, user: auth.user };
      return { methods: ['application_credential'], application_credential: { ...which, secret } };
    }
  }
}

/** Who signs in, for messages. */
export function signerOf(auth: Auth): string {
  switch (auth.method) {
    case 'password':
      return 'id' in auth.user ? `User ${auth.user.id}` : `User "${auth.user.name}"`;
    case 'token':
      return "The token's user";
    case 'applicationCredential':
      return `Application credential ${'id' in auth ? auth.id : `"${auth.name}"`}`;
  }
}
