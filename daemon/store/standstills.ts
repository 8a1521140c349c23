import type { Database } from 'better-sqlite3';
import type { DurationMs, Instant, Standstill } from '../../lib/core/index.ts';
import type { Pause, StandstillPort } from '../ports/standstills.ts';
import { given } from './given.ts';

/** Shorter stops are those of a restart or an upgrade. */
const STOPPED_MS: DurationMs = 3_600_000;
/** Whose those of the whole service are. */
const ALL = '';

/** SQL that is true while the instance of a row is paused. */
export const isPaused = (instanceId: string, nowUtc: string): string =>
  `EXISTS (SELECT 1 FROM standstills p WHERE p.instance_id = ${instanceId} AND p.kind = 'paused'
     AND p.from_utc <= ${nowUtc} AND p.to_utc > ${nowUtc})`;

type Read<T> = (instanceId: string, nowUtc: Instant) => T;

function aliveStore(db: Database): { read(): Instant | null; write(nowUtc: Instant): void } {
  const alive = db.prepare<[], { value: string }>("SELECT value FROM meta WHERE key = 'alive_utc'");
  const write = db.prepare<[string]>(
    "INSERT INTO meta (key, value) VALUES ('alive_utc', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  return {
    read: () => {
      const row = alive.get();
      return row ? Number(row.value) : null;
    },
    write: (nowUtc) => void write.run(String(nowUtc)),
  };
}

/** All that count for an instance; that which the service has just woken from as well, though it is not noted yet. */
export function standstillsOf(db: Database): Read<readonly Standstill[]> {
  const alive = aliveStore(db);
  const known = db.prepare<[string], Standstill>(
    `SELECT from_utc AS fromUtc, to_utc AS toUtc FROM standstills WHERE instance_id IN ('${ALL}', ?) ORDER BY from_utc`,
  );
  return (instanceId, nowUtc) => {
    const rows = known.all(instanceId);
    const fromUtc = alive.read();
    return fromUtc !== null && nowUtc - fromUtc > STOPPED_MS ? [...rows, { fromUtc, toUtc: nowUtc }] : rows;
  };
}

export function pausedStore(db: Database): Read<Pause | null> {
  const paused = db.prepare<[{ instanceId: string; nowUtc: Instant }], Pause>(
    `SELECT to_utc AS untilUtc, owner, note FROM standstills
     WHERE instance_id = ${given('@instanceId')} AND kind = 'paused' AND from_utc <= ${given('@nowUtc')}
       AND to_utc > @nowUtc
     ORDER BY from_utc DESC LIMIT 1`,
  );
  return (instanceId, nowUtc) => paused.get({ instanceId, nowUtc }) ?? null;
}

interface Noted {
  readonly instanceId: string;
  readonly kind: 'stopped' | 'paused';
  readonly fromUtc: Instant;
  readonly untilUtc: Instant;
  readonly owner: string | null;
  readonly note: string | null;
}

export interface Pausing {
  pause(instanceId: string, asked: Pause, nowUtc: Instant): boolean;
  resume(instanceId: string, nowUtc: Instant): boolean;
}

type Note = (noted: Noted) => void;

function noteStore(db: Database): Note {
  const note = db.prepare<[Noted]>(
    `INSERT INTO standstills (instance_id, kind, from_utc, to_utc, owner, note)
     VALUES (@instanceId, @kind, @fromUtc, @untilUtc, @owner, @note)
     ON CONFLICT DO UPDATE SET to_utc = @untilUtc, owner = @owner, note = @note`,
  );
  return (noted) => void note.run(noted);
}

/** For the caller's transaction. */
export function pauseStore(db: Database): Pausing {
  const note = noteStore(db);
  const isScheduled = db.prepare<[string]>('SELECT 1 FROM schedules WHERE instance_id = ? AND active = 1');
  const end = db.prepare<[{ instanceId: string; nowUtc: Instant }]>(
    `UPDATE standstills SET to_utc = @nowUtc
     WHERE instance_id = @instanceId AND kind = 'paused' AND from_utc <= @nowUtc AND to_utc > @nowUtc`,
  );
  return {
    pause(instanceId, asked, nowUtc) {
      if (asked.untilUtc <= nowUtc || isScheduled.get(instanceId) === undefined) return false;
      end.run({ instanceId, nowUtc });
      note({ instanceId, kind: 'paused', fromUtc: nowUtc, ...asked });
      return true;
    },
    resume: (instanceId, nowUtc) => end.run({ instanceId, nowUtc }).changes > 0,
  };
}

export function standstillStore(db: Database): StandstillPort {
  const alive = aliveStore(db);
  const paused = pausedStore(db);
  const note = noteStore(db);
  const { pause, resume } = pauseStore(db);
  const pauseOne = db.transaction(pause);
  const beat = db.transaction((nowUtc: Instant): void => {
    const lastUtc = alive.read() ?? nowUtc;
    const stopped = { instanceId: ALL, kind: 'stopped', fromUtc: lastUtc, untilUtc: nowUtc } as const;
    if (nowUtc - lastUtc > STOPPED_MS) note({ ...stopped, owner: null, note: null });
    alive.write(nowUtc);
  });
  return {
    pause: async (instanceId, asked, nowUtc) => pauseOne.immediate(instanceId, asked, nowUtc),
    resume: async (instanceId, nowUtc) => resume(instanceId, nowUtc),
    paused: async (instanceId, nowUtc) => paused(instanceId, nowUtc),
    beat: async (nowUtc) => beat.immediate(nowUtc),
  };
}
