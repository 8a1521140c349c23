// How a part shows that it is ready. Each check is `(region) => Promise<boolean>`.
import { connect } from 'node:net';
import { run } from './processes.mjs';
import { HOST, SOURCE } from './settings.mjs';

/** Any HTTP answer but a failure. */
export const answersHttp = (url) => async (region) => {
  try {
    return (await fetch(url(region), { signal: AbortSignal.timeout(5000) })).status < 500;
  } catch {
    return false;
  }
};

/** Sends the words, if any, and waits for any word back. */
export const speaks = (where, words) => (region) =>
  new Promise((answer) => {
    const socket = connect(where(region));
    socket.setTimeout(2000, () => socket.destroy());
    if (words) socket.once('connect', () => socket.write(words));
    socket.once('data', () => {
      answer(true);
      socket.destroy();
    });
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });

export const port = (name) => (region) => ({ host: HOST, port: region.ports[name] });

export const AMQP_HEADER = 'AMQP\0\0\t\x01';
export const EPMD_NAMES = '\0\x01n';

/** Somebody consumes the queue, so that orders sent to it are carried out. */
export const consumes = (queue) => async (region) => {
  try {
    const tool = `${SOURCE}/tools/await_consumer.py`;
    await run(region, 'consumers', ['/usr/bin/python3', tool, `${HOST}:${region.ports.amqp}`, queue]);
    return true;
  } catch {
    return false;
  }
};
