// The region in which the page's project has its instances, in a process of its own.
import { serveRegion } from '../../../daemon/demo/serve-region.ts';
import { createRegion } from '../../../lib/simulator/index.ts';

const INSTANCES = 10_000;
const region = createRegion();
region.seedStandardIdentities();
const projectId = region.projects().find(({ name }) => name === 'demo')?.id ?? '';
for (let n = 0; n < INSTANCES; n++) {
  region.createInstance({ projectId, name: `db-${String(n).padStart(5, '0')}` });
}
await serveRegion(region);
process.stdout.write(`${region.authUrl}\n`);
