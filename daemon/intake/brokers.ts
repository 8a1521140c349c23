const HEARTBEAT_S = 10;

export interface Broker {
  /** As amqplib takes it; holds the password. */
  readonly url: string;
  /** For logs. */
  readonly name: string;
}

function brokerAt(url: string): Broker {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return { url: parsed.href, name: parsed.host };
}

/** The brokers in an order of chance, so that the daemons of a region do not all lean on the first one. */
export function shuffled(urls: readonly string[], random: () => number): readonly Broker[] {
  return urls
    .map((url) => ({ broker: brokerAt(url), rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ broker }) => broker);
}

/** Errors of amqplib may carry the url, and with it the password. */
export function plain(error: unknown, { url }: Broker): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const { password } = new URL(url);
  return password ? text.replaceAll(password, '***').replaceAll(unescape(password), '***') : text;
}
