import { join } from 'node:path';
import Database from 'better-sqlite3';
import { APPLICATION_ID } from '../../daemon/store/migrate.ts';
import { migrations } from '../../daemon/store/migrations/index.ts';
import { openStore } from '../../daemon/store/open.ts';
import { DAY, SECOND } from '../core/builders.ts';
import { benchFolder, fillTables, OWNER } from './fill.ts';
import { figure, report, timed } from './report.ts';

/**
 * The first schema, with 1,000,000 schedules and 2,000,000 runs, is brought to this one, the copy before it included. The
 * daemon is not up before; systemd waits as long as the unit says.
 */
const UNIT_WAITS_S = 20 * 60;
const nowUtc = Date.now();
const path = join(benchFolder(), 'autobackup.sqlite');
const db = new Database(path);
db.exec(migrations[0] ?? '');
db.pragma(`application_id = ${APPLICATION_ID}`);
db.pragma('user_version = 1');
db.prepare("INSERT INTO meta (key, value) VALUES ('born_utc', ?), ('owner', ?)").run(String(nowUtc - 30 * DAY), OWNER);
fillTables(db, { nowUtc, schedules: 1_000_000, projects: 1_000, slotOf: (n) => nowUtc + DAY + n, history: 2_000_000 });
db.close();
const ms = await timed(() => openStore(path, OWNER, nowUtc).close());
report('upgrade', [
  figure('from the first schema, 1,000,000 schedules and 2,000,000 runs', ms / SECOND, UNIT_WAITS_S / 2, 's'),
]);
