import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { plain } from './guard.ts';
import type { Place } from './place.ts';
import type { Answer, Question } from './thread.ts';

/** The other end of `createThread`, in the worker. */
export const place = workerData as Place;

type Method = (...given: readonly unknown[]) => Promise<unknown>;
type Moved = Parameters<MessagePort['postMessage']>[1];

/** `moved`: what of an answer is handed over instead of copied. */
export function answering(methods: object, moved: (value: unknown) => Moved = () => []): void {
  parentPort?.on('message', async ({ id, method, args }: Question) => {
    const ask = (methods as Readonly<Record<string, Method>>)[method];
    const answer: Answer = await Promise.resolve(ask?.(...args)).then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, error: plain(error, place.path) }),
    );
    parentPort?.postMessage(answer, moved(answer.value));
  });
}
