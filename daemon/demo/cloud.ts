import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegion, type Region } from '../../lib/simulator/index.ts';
import type { Clock } from '../ports/clock.ts';
import { configuration } from './configuration.ts';
import { freePort } from './free-port.ts';
import { findRabbit, startRabbit } from './rabbitmq.ts';
import { relay } from './relay.ts';
import { scaledClock } from './scaled-clock.ts';
import { serveRegion } from './serve-region.ts';
import { type Stage, setStage } from './stage.ts';

export interface DemoCloud {
  readonly region: Region;
  readonly stage: Stage;
  readonly clock: Clock;
  /** Time stands until then. */
  startClock(): void;
  readonly bus: boolean;
  /** Where the daemon keeps its files. */
  readonly home: string;
  readonly pageUrl: string;
  /** The daemon's configuration file. */
  readonly yaml: string;
  stop(): Promise<void>;
}

export interface DemoCloudOptions {
  readonly startUtc: number;
  readonly scale: number;
  /** Whether to look for a RabbitMQ. */
  readonly bus: boolean;
  readonly signal: AbortSignal;
  /** Told before a wait, and of what is missing. */
  readonly say: (what: 'rabbit' | 'noRabbit') => void;
}

const HOST = '127.0.0.1';
const MINUTE = 60_000;
/** What takes how long: databases of some size. */
const TIMINGS = {
  prepareMs: 8 * MINUTE,
  backupStartMs: MINUTE / 3,
  backupMs: ({ parentId }: { readonly parentId: string | null }) => (parentId === null ? 90 : 30) * MINUTE,
  savingMs: 5 * MINUTE,
  snapshotMs: 10 * MINUTE,
  deleteInstanceMs: MINUTE,
};
/** By the region's clock, while the daemon renews its tokens by the machine's: they last for the whole demo. */
const TOKEN_S = 10 * 365 * 86_400;

/** A cloud with Keystone and Trove over HTTP and, where it can, a RabbitMQ. */
export async function startCloud({ startUtc, scale, bus, signal, say }: DemoCloudOptions): Promise<DemoCloud> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next; next = stops.pop()) await next();
  };
  try {
    const home = mkdtempSync(join(tmpdir(), 'autobackup-demo-'));
    stops.push(() => rmSync(home, { recursive: true, force: true }));

    const programs = bus ? findRabbit() : null;
    if (bus) say(programs ? 'rabbit' : 'noRabbit');
    const rabbit = programs && (await startRabbit({ programs, signal }));
    if (rabbit) stops.push(rabbit.stop);

    const { clock, regionClock, start } = scaledClock({ startUtc, scale });
    const region = createRegion({ ...TIMINGS, clock: regionClock, tokenS: TOKEN_S });
    const server = await serveRegion(region);
    stops.push(server.close);
    if (rabbit) stops.push(await relay(region, rabbit.adminUrl));
    const stage = setStage(region, server.url);
    const listen = `${HOST}:${await freePort(HOST)}`;
    const yaml = configuration({
      authUrl: region.authUrl,
      busUrl: rabbit?.url ?? null,
      listen,
      home,
    });
    return {
      region,
      stage,
      clock,
      startClock: start,
      bus: rabbit !== null,
      home,
      yaml,
      pageUrl: `http://${listen}/`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
