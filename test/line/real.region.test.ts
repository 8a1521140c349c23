import { inject } from 'vitest';
import { regionAt } from '../region/region.ts';
import { tenant } from '../region/tenant.ts';
import { describeLine } from './suite.ts';

describeLine(
  'the line on the real region',
  async () => {
    const region = regionAt(inject('region'));
    const { authUrl, troveUrl, amqpUrl, amqpAdminUrl } = region;
    const demo = await tenant(region, { username: 'demo', password: 'demo', project: 'demo' });
    return {
      authUrl,
      troveUrl,
      amqpUrl,
      amqpAdminUrl,
      demo,
      setBackupSeconds: (seconds) => region.control({ backup_s: seconds }),
      killBroker: () => region.kill('rabbitmq'),
      startBroker: () => region.start('rabbitmq'),
      troveListens: () => region.start('taskmanager', 'conductor', 'guests'),
      cutTroveOffItsBus: () => region.kill('rabbitmq'),
      mendTrovesBus: () => region.returnBroker(),
      close: async () => undefined,
    };
  },
  { kills: 20 },
);
