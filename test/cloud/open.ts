import { systemClock } from '../../daemon/clock.ts';
import { type OpenOptions, openCloud } from '../../daemon/cloud/open.ts';
import type { CloudPort } from '../../daemon/ports/cloud.ts';
import type { Region } from '../../lib/simulator/index.ts';

/** The adapter over the whole client, on a simulated region. */
export function openOn({ authUrl, fetch }: Region, { http, ...over }: Partial<OpenOptions> = {}): CloudPort {
  return openCloud({
    keystone: { authUrl, username: 'autobackup', password: 'autobackup' },
    http: { fetch, sleep: async () => undefined, ...http },
    home: { projectName: 'service', projectDomainName: 'Default' },
    tenantScope: 'role',
    tenantApiShare: 1,
    clock: systemClock,
    readDeadlineMs: 5_000,
    ...over,
  });
}
