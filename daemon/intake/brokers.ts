import type { Binding } from './binding.ts';

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

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Where the broker refused us a right: the command that gives all we need, and no more. */
export function adviceFor(error: unknown, { url }: Broker, { queue, exchange }: Binding): { readonly hint?: string } {
  if ((error as { code?: unknown } | null)?.code !== 403) return {};
  const { username, pathname } = new URL(url);
  const vhost = decodeURIComponent(pathname.slice(1)) || '/';
  const own = `^${escaped(queue)}(\\.dead)?$`;
  const read = `^(${escaped(queue)}(\\.dead)?|${escaped(exchange)})$`;
  const command = `rabbitmqctl set_permissions -p ${vhost} ${decodeURIComponent(username)} '${own}' '${own}' '${read}'`;
  return { hint: `the broker's user lacks a right; nothing is lost meanwhile. Give it: ${command}` };
}
