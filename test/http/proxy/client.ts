import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The address that it comes from: any of 127.0.0.0/8. */
  readonly from?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Client {
  ask(path: string, sent?: Sent): Promise<Got>;
  /** As soon as the head of the answer is there; what follows is read by the caller, who ends it. */
  open(path: string, sent?: Sent): Promise<IncomingMessage>;
}

/** Asks what lies below `url`, each time by a connection of its own. */
export function clientOf(url: string, authority: string): Client {
  const ca = readFileSync(authority);
  const open: Client['open'] = (path, { method = 'GET', headers = {}, body, from } = {}) =>
    new Promise((resolve, reject) => {
      const options = { method, headers, ca, agent: false as const, ...(from && { localAddress: from }) };
      request(url + path, options, resolve)
        .on('error', reject)
        .end(body);
    });
  return {
    open,
    async ask(path, sent) {
      const answer = await open(path, sent);
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
    },
  };
}
