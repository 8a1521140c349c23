import { sqliteStore } from '../../daemon/store/index.ts';

/** A daemon that holds a store until it is killed: `node holder.ts <path>`. */
const [path = ''] = process.argv.slice(2);
const store = sqliteStore({ path, owner: '0badcafe', nowUtc: Date.UTC(2026, 10, 22) });
await store.notes.note([{ instanceId: 'db-1', projectId: 'project-a' }]);
process.stdout.write('open\n');
// What nobody holds is collected, and its lock with it.
setInterval(() => store.check(), 60_000);
