/** Keystone's v3 root, without a slash at the end, from an auth url with or without `/v3`. */
export function identityUrl(authUrl: string): string {
  assertUrl('authUrl', authUrl);
  const base = authUrl.replace(/\/+$/, '');
  return base.endsWith('/v3') ? base : `${base}/v3`;
}

/** Never quotes it: what is wrong with it may be that it holds a password. */
export function assertUrl(name: string, text: string): void {
  if (!URL.canParse(text)) throw new TypeError(`${name} is not a URL; it looks like https://openstack.example:5000/v3`);
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`${name} must begin with https:// or http://`);
  if (username !== '' || password !== '') throw new TypeError(`${name} must not hold a user or a password`);
}
