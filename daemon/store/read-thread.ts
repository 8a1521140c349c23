import { Worker } from 'node:worker_threads';
import type { ReadModelPort } from '../ports/read-model.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';

type Method = keyof ReadModelPort | keyof UpkeepPort;

export interface Question {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** The file that the thread is to open, and which it is: another may lie at its path by then. */
export interface Place {
  readonly path: string;
  readonly identity: string | null;
}

export interface ReadThread {
  readonly readModel: ReadModelPort;
  readonly upkeep: UpkeepPort;
  close(): void;
}

type Asked = PromiseWithResolvers<unknown>;

/** This file is TypeScript in the repository and JavaScript where it is installed. */
const READER = new URL(import.meta.url.endsWith('.ts') ? './reader.ts' : './reader.js', import.meta.url);

/** The read model and the upkeep on connections and a thread of their own. A thread that dies fails what was asked, and the next call starts another. */
export function readThread(place: Place): ReadThread {
  const asked = new Map<number, Asked>();
  let worker: Worker | null = null;
  let last = 0;

  function fail(error: Error): void {
    worker = null;
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  }
  function start(): Worker {
    const started = new Worker(READER, { workerData: place });
    started.unref();
    started.on('message', ({ id, value, error }: Answer) => {
      const question = asked.get(id);
      asked.delete(id);
      if (error === undefined) question?.resolve(value);
      else question?.reject(error);
    });
    started.once('error', fail);
    started.once('exit', () => {
      if (worker === started) fail(new Error('the reading thread of the store ended'));
    });
    return started;
  }
  function ask<T>(method: Method, ...args: readonly unknown[]): Promise<T> {
    worker ??= start();
    const id = ++last;
    const answer = Promise.withResolvers<unknown>();
    asked.set(id, answer);
    worker.postMessage({ id, method, args } satisfies Question);
    return answer.promise as Promise<T>;
  }
  return {
    readModel: {
      overview: (nowUtc) => ask('overview', nowUtc),
      protection: (nowUtc, atMost) => ask('protection', nowUtc, atMost),
    },
    upkeep: { checkpoint: () => ask('checkpoint') },
    close() {
      const ending = worker;
      fail(new Error('the store is closed'));
      void ending?.terminate();
    },
  };
}
