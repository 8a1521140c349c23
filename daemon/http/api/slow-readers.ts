import type { Api } from './server.ts';

/** Cuts whoever does not take his answer in time: until then it lies in our memory. A stream that hijacks its reply sees to it itself. */
export function cutSlowReaders(api: Api, answerMs: number): void {
  api.addHook('onSend', async (_request, { raw }, payload) => {
    const cut = setTimeout(() => raw.destroy(), answerMs);
    raw.once('close', () => clearTimeout(cut));
    return payload;
  });
}
