import Database from 'better-sqlite3';
import { migrate } from '../../daemon/store/migrate.ts';
import { migrations } from '../../daemon/store/migrations/index.ts';

/** A daemon that is killed in the middle of an upgrade: `node killed-migration.ts <path>`. */
const [path = ''] = process.argv.slice(2);
const db = new Database(path);
db.pragma('journal_mode = WAL');
db.function('die', () => process.kill(process.pid, 'SIGKILL'));
const [first = '', second = ''] = migrations;
migrate(db, path, [first, `${second}; CREATE TABLE half (n); SELECT die();`], { owner: '0badcafe', nowUtc: 0 });
