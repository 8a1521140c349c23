import { startRabbit } from '../../daemon/demo/rabbitmq.ts';
import { relay } from '../../daemon/demo/relay.ts';
import { serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion } from '../../lib/simulator/index.ts';
import { tenant } from '../region/tenant.ts';
import { describeLine } from './suite.ts';
import type { World } from './world.ts';

/** The simulated region behind real HTTP, with its messages on a real RabbitMQ. */
async function open(): Promise<World> {
  const region = createRegion({ prepareMs: 100, backupStartMs: 20, deleteInstanceMs: 20 });
  region.seedStandardIdentities();
  const server = await serveRegion(region);
  const rabbit = await startRabbit();
  let silence = await relay(region, rabbit.adminUrl);
  const troveUrl = `${server.url}/database`;
  const { authUrl } = region;
  return {
    authUrl,
    troveUrl,
    amqpUrl: rabbit.url,
    amqpAdminUrl: rabbit.adminUrl,
    demo: await tenant({ authUrl, troveUrl }, { username: 'demo', password: 'demo', project: 'demo' }),
    setBackupSeconds: async (seconds) => {
      region.control.timings = { ...region.control.timings, backupMs: seconds * 1000 };
    },
    killBroker: () => rabbit.kill(),
    startBroker: async () => {
      await silence();
      await rabbit.start();
      silence = await relay(region, rabbit.adminUrl);
    },
    troveListens: async () => undefined,
    cutTroveOffItsBus: async () => {
      region.control.busDown = true;
    },
    mendTrovesBus: async () => {
      region.control.busDown = false;
    },
    close: async () => {
      await silence();
      await rabbit.stop();
      await server.close();
    },
  };
}

describeLine('the line on the simulated region', open, { kills: 4, beside: true });
