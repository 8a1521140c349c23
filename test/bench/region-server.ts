// A region of many instances behind HTTP, in a process of its own: `node region-server.ts <instances> <projects>`.
import { serveRegion } from '../../daemon/demo/serve-region.ts';
import { createRegion } from '../../lib/simulator/index.ts';

const [instances = 0, projects = 1] = process.argv.slice(2).map(Number);
const region = createRegion();
region.seedStandardIdentities();
const ids = Array.from({ length: projects }, (_, n) => region.createProject({ name: `project-${n}` }).id);
for (let n = 0; n < instances; n++) region.createInstance({ projectId: ids[n % projects] ?? '', name: `db-${n}` });
await serveRegion(region);
process.stdout.write(`${region.authUrl}\n`);
