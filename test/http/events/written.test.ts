import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../daemon/http/api/server.ts';
import { tellWhatIsWritten } from '../../../daemon/http/events/written.ts';
import type { Change } from '../../../daemon/ports/events.ts';
import { labApi } from '../api/lab.ts';

let api: Api;
let told: Change[];
beforeEach(() => {
  told = [];
  api = labApi(
    (it) => {
      const querystring = z.object({ dry_run: z.stringbool().default(false) });
      const schema = { params: z.object({ id: z.string() }), querystring };
      it.patch('/v1/instances/:id/schedule', { config: { rule: 'schedule:change' }, schema }, async () => ({}));
      it.get('/v1/instances/:id/schedule', { config: { rule: 'schedule:change' }, schema }, async () => ({}));
      it.delete('/v1/backups/:id', { config: { rule: 'backup:delete' }, schema }, async () => ({}));
      it.post('/v1/policies/preview', { config: { rule: 'policy:preview' } }, async () => ({}));
      it.post('/v1/fail', { config: { rule: 'run:create' } }, () => {
        throw new Error();
      });
    },
    // After them, as it may come: each route has it all the same.
    (it) => tellWhatIsWritten(it, { tell: (change) => void told.push(change) }),
  );
});
afterEach(() => api.close());

test.each([
  ['PATCH', '/v1/instances/db-1/schedule', 'member', [{ kind: 'schedule', projectId: 'p1', instanceId: 'db-1' }]],
  ['DELETE', '/v1/backups/b-1', 'member', [{ kind: 'backup', projectId: 'p1', instanceId: null }]],
  ['DELETE', '/v1/backups/b-1', 'admin', [{ kind: 'backup', projectId: null, instanceId: null }]],
  ['PATCH', '/v1/instances/db-1/schedule?dry_run=true', 'member', []],
  ['GET', '/v1/instances/db-1/schedule', 'member', []],
  ['POST', '/v1/policies/preview', 'member', []],
  ['PATCH', '/v1/instances/db-1/schedule', 'reader', []],
  ['POST', '/v1/fail', 'member', []],
  ['DELETE', '/v1/nothing', 'member', []],
] as const)('%s %s by a %s tells %j', async (method, url, role, changes) => {
  await api.inject({ method, url, headers: { 'x-auth-token': `${role}@p1` } });
  expect(told).toEqual(changes);
});
