import { Worker } from 'node:worker_threads';
import type { Place } from './place.ts';

export interface Question {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

export interface Thread {
  ask<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  close(): void;
}

/** This file is TypeScript in the repository and JavaScript where it is installed. */
export const besides = (name: string, of: string): URL => new URL(`${name}.${of.endsWith('.ts') ? 'ts' : 'js'}`, of);

/** A worker that is begun at the first question. One that dies fails what was asked, and the next call starts another. */
export function createThread(file: URL, place: Place): Thread {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let worker: Worker | null = null;
  let last = 0;

  function fail(error: Error): void {
    worker = null;
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  }
  function start(): Worker {
    const started = new Worker(file, { workerData: place });
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
  return {
    ask<T>(method: string, ...args: readonly unknown[]): Promise<T> {
      worker ??= start();
      const id = ++last;
      const answer = Promise.withResolvers<unknown>();
      asked.set(id, answer);
      worker.postMessage({ id, method, args } satisfies Question);
      return answer.promise as Promise<T>;
    },
    close() {
      const ending = worker;
      fail(new Error('the store is closed'));
      void ending?.terminate();
    },
  };
}
