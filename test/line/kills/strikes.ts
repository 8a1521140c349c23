import { setTimeout as sleep } from 'node:timers/promises';
import type { DaemonProcess } from '../daemon-process.ts';
import type { Fault, TroveProxy } from '../proxy.ts';

const MEAN_MS = 8_000;
const PATIENCE_MS = 20_000;

/** What a daemon may suffer; each leaves it running. */
export function createStrikes(daemon: DaemonProcess, proxy: TroveProxy, roll: () => number) {
  let kills = 0;
  const done = new Map<string, number>();

  async function kill(): Promise<void> {
    const code = await daemon.end('SIGKILL');
    if (code === null) kills++;
    else throw new Error(`the daemon had ended by itself with ${code}: ${JSON.stringify(daemon.lines.slice(-5))}`);
  }
  /** Mostly at once, sometimes long enough that slots pass. */
  async function comeBack(): Promise<void> {
    if (roll() < 0.1) await sleep(roll() * 15_000);
    await daemon.start();
  }
  /** Waits for a request for a backup, and does something to it; false if none comes for a while. */
  async function atRequest(fault: (struck: (work: Promise<void>) => Promise<void>) => Fault): Promise<boolean> {
    const patience = new AbortController();
    const { promise: struck, resolve } = Promise.withResolvers<void>();
    const takeBack = proxy.failNext(
      fault((work) => {
        resolve(work);
        return work;
      }),
    );
    const waited = sleep(PATIENCE_MS, 'waited' as const, { signal: patience.signal }).catch(() => 'struck' as const);
    const first = await Promise.race([waited, struck]);
    if (first === 'waited') takeBack();
    patience.abort();
    return first !== 'waited';
  }
  const killedAt = (moment: 'beforeForward' | 'beforeAnswer') => async (): Promise<void> => {
    if (await atRequest((struck) => ({ [moment]: () => struck(kill()) }))) await comeBack();
  };

  const STRIKES: Readonly<Record<string, () => Promise<void>>> = {
    anytime: async () => {
      await kill();
      await comeBack();
    },
    'as a request left': killedAt('beforeForward'),
    'before an answer came': killedAt('beforeAnswer'),
    'twice, and in its start': async () => {
      await kill();
      const starting = daemon.start();
      // That this start ended is our doing.
      const ended = starting.catch(() => undefined);
      await sleep(200 + roll() * 1_000);
      await kill();
      await ended;
      await comeBack();
    },
    'an answer cut': async () => {
      await atRequest((struck) => ({ beforeAnswer: () => struck(Promise.resolve()), dropAnswer: true }));
    },
    'asked to stop': async () => {
      const code = await daemon.end('SIGTERM');
      if (code !== 0) throw new Error(`asked to stop, the daemon ended with ${code}`);
      await comeBack();
    },
  };
  const ODDS = ['anytime', 'anytime', 'anytime', ...Object.keys(STRIKES)];

  return {
    kills: () => kills,
    done,
    /** Waits a while, and strikes. */
    async strike(): Promise<void> {
      await sleep(-Math.log(1 - roll()) * MEAN_MS);
      const name = ODDS[Math.floor(roll() * ODDS.length)] ?? 'anytime';
      await STRIKES[name]?.();
      done.set(name, (done.get(name) ?? 0) + 1);
    },
  };
}
