import { audited } from '../../../daemon/http/api/audited.ts';
import { sqliteStore } from '../../../daemon/store/index.ts';

/** Dies in the middle of a change that is audited. */
const nowUtc = Date.UTC(2026, 10, 22, 10);
const [, , path = ''] = process.argv;
const { audit } = sqliteStore({ path, owner: '0badcafe', nowUtc });
const caller = {
  userId: 'user-member',
  userName: 'member',
  projectId: 'p1',
  projectName: 'one',
  roles: ['member'],
  isAdmin: false,
  isDelegated: false,
  expiresUtc: nowUtc,
  token: () => '',
  may: () => true,
};
const change = { action: 'schedule:change', targetId: 'db-1' } as const;
await audited({ audit, clock: { nowUtc: () => nowUtc } }, { id: 'req-1', caller, language: 'en' }, change, async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
});
