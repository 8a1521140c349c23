import type { Database } from 'better-sqlite3';
import { type Instant, layered, type Reason } from '../../lib/core/index.ts';
import type { Assigned, InventoryChange, InventoryPort, Sighting } from '../ports/inventory.ts';
import { absencesStore } from './absences.ts';
import { assigner } from './assign.ts';
import type { Birth } from './birth.ts';
import { ownStore, type ReadOwn } from './own.ts';
import { scheduleStopper } from './stop-schedule.ts';

/** Most sightings change nothing; that it is still there is written down so seldom. */
const SEEN_EVERY_MS = 86_400_000;

/** The columns that a sighting sets, by the names of its parameters. */
interface Seen {
  readonly projectId: string;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly status: string;
  readonly replicaOf: string | null;
  readonly clusterId: string | null;
  readonly because: string | null;
}

interface InstanceRow extends Seen {
  readonly absences: number;
  readonly gone_utc: Instant | null;
  readonly last_seen_utc: Instant;
}

const COLUMNS = ['projectId', 'name', 'type', 'version', 'status', 'replicaOf', 'clusterId', 'because'] as const;

function isAsBefore(seen: Seen, before: InstanceRow, nowUtc: Instant): boolean {
  const seenAgoMs = nowUtc - before.last_seen_utc;
  // Below 0 where a clock was ahead then.
  if (before.gone_utc !== null || before.absences > 0 || seenAgoMs < 0 || seenAgoMs >= SEEN_EVERY_MS) return false;
  return COLUMNS.every((column) => seen[column] === before[column]);
}

export function inventoryStore(db: Database, birth: Birth): InventoryPort {
  const absences = absencesStore(db);
  const known = db.prepare<[string], InstanceRow>(
    `SELECT project_id AS projectId, name, datastore_type AS type, datastore_version AS version, status,
       replica_of AS replicaOf, cluster_id AS clusterId, excluded_because AS because, absences, gone_utc, last_seen_utc
     FROM instances WHERE instance_id = ?`,
  );
  const see = db.prepare<[string]>('INSERT INTO seen (instance_id) VALUES (?) ON CONFLICT DO NOTHING');
  const saveInstance = db.prepare(
    `INSERT INTO instances (instance_id, project_id, name, datastore_type, datastore_version, status, replica_of,
       cluster_id, created_utc, first_seen_utc, last_seen_utc, excluded_because)
     VALUES (@id, @projectId, @name, @type, @version, @status, @replicaOf, @clusterId, @createdUtc, @nowUtc, @nowUtc, @because)
     ON CONFLICT DO UPDATE SET project_id = @projectId, name = @name, datastore_type = @type,
       datastore_version = @version, status = @status, replica_of = @replicaOf, cluster_id = @clusterId,
       last_seen_utc = @nowUtc, absences = 0, gone_utc = NULL, excluded_because = @because`,
  );
  const ownOf = ownStore(db);
  const { assign, orphan, name } = assigner(db, birth);
  const stopSchedule = scheduleStopper(db);

  function save(sighting: Sighting, readOwn: ReadOwn, nowUtc: Instant): InventoryChange {
    const { instance, enrolment } = sighting;
    const before = known.get(instance.id);
    const layers = enrolment.kind === 'scheduled' ? layered(enrolment.policy, instance, readOwn(instance)) : null;
    const kept = enrolment.kind === 'unselected' ? orphan(instance.id, enrolment.policies) : null;
    const why = layers?.kind === 'excluded' ? layers.because : enrolment.because;
    const excluded = kept || layers?.kind === 'policy' ? null : JSON.stringify(why);
    const { datastore, ...columns } = instance;
    const seen = { ...columns, ...datastore, because: excluded };
    see.run(instance.id);
    if (!before || !isAsBefore(seen, before, nowUtc)) saveInstance.run({ ...seen, nowUtc });
    const change = { discovered: !before, returned: before !== undefined && before.gone_utc !== null, sighting };
    if (enrolment.kind === 'scheduled' && layers?.kind === 'policy') {
      return { ...change, ...assign(instance, enrolment, layers, before, nowUtc) };
    }
    if (kept) return { ...change, ...kept };
    return { ...change, ...exclude(sighting, why, before?.because === excluded, nowUtc) };
  }

  function exclude({ instance, enrolment }: Sighting, why: Reason, asBefore: boolean, nowUtc: Instant): Assigned {
    stopSchedule(instance.id, why, nowUtc);
    if (enrolment.kind === 'scheduled') name(instance.id, enrolment.policy);
    return { kind: asBefore ? 'unchanged' : 'excluded', because: why, nextSlotUtc: null, slotBecause: null };
  }

  const saveAll = db.transaction((sightings: readonly Sighting[], nowUtc: Instant) => {
    const readOwn = ownOf();
    return sightings.map((sighting) => save(sighting, readOwn, nowUtc));
  });
  return {
    get storeBornUtc() {
      return birth.bornUtc();
    },
    saveSightings: async (sightings, nowUtc) => saveAll.immediate(sightings, nowUtc),
    ...absences,
  };
}
