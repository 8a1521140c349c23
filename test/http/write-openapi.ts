import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDaemon } from './daemon.ts';

/** Writes docs/openapi.json from what the service says now: `npm run openapi`. */
const daemon = await openDaemon();
const { body } = await daemon.get('/v1/openapi.json');
writeFileSync(join(import.meta.dirname, '../../docs/openapi.json'), `${JSON.stringify(body, null, 2)}\n`);
await daemon.close();
