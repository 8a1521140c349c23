import { type Identity, identityOf } from '../../daemon/identity.ts';
import type { Caps } from '../../daemon/ports/schedule.ts';
import { explain, type MarkerFacts, parseMarker } from '../../lib/core/index.ts';
import type { Backup, Region } from '../../lib/simulator/index.ts';
import type { Run, Service } from './service.ts';
import type { Deletion, Post } from './wire.ts';

/** A backup that a service's own mac proves, whatever became of it. */
function provenSlot(identity: Identity, { description, instanceId, parentId }: Readonly<Backup>): number | null {
  const marker = parseMarker(description);
  if (!marker || instanceId === null) return null;
  const { mac, ...said } = marker;
  const facts: MarkerFacts = { ...said, instanceId, parentId };
  return identity.verify(facts, mac) ? marker.slotUtc : null;
}

const utc = (instant: number): string => new Date(instant).toISOString();

/** N1: two backups for one slot. */
function doubled(region: Region, identity: Identity): readonly string[] {
  const bySlot = Map.groupBy(region.backups(), (row) => {
    const slotUtc = provenSlot(identity, row);
    // A user may copy our marker, but not onto the name that we give.
    return slotUtc === null || !row.name.startsWith('auto-') ? null : `${row.instanceId} at ${utc(slotUtc)}`;
  });
  bySlot.delete(null);
  return [...bySlot].flatMap(([slot, rows]) => (rows.length > 1 ? [`${slot} has ${rows.length} backups`] : []));
}

/** N4: what an incremental stood on when it was asked for. */
function wrongParent(identity: Identity, { parentId, parent, instanceId, atUtc }: Post): readonly string[] {
  if (parentId === null) return [];
  const at = `the request at ${utc(atUtc)}`;
  if (!parent) return [`${at} names a parent that never was`];
  const wrongs = {
    'is not COMPLETED': parent.status !== 'COMPLETED',
    'is of another instance': parent.instanceId !== instanceId,
    'is not ours': provenSlot(identity, parent) === null,
  };
  return Object.entries(wrongs).flatMap(([what, wrong]) => (wrong ? [`${at} has a parent that ${what}`] : []));
}

/** N9: what ran already when another was asked for. */
function beyondCaps({ atUtc, running, projectId }: Post, caps: Caps): readonly string[] {
  const inProject = running.filter((row) => row.projectId === projectId).length;
  const over = running.length >= caps.concurrent || inProject >= caps.perProject;
  return over
    ? [`at ${utc(atUtc)} one was asked for beside ${running.length}, ${inProject} of them its project's`]
    : [];
}

/** N2 and N3: what a DELETE was sent for. */
function wrongDeletion(identity: Identity, deletion: Deletion): readonly string[] {
  const { atUtc, backup, children, isOfLiving, newer, otherFulls } = deletion;
  const at = `the DELETE at ${utc(atUtc)}`;
  if (!backup) return [`${at} names a backup that never was`];
  const wrongs = {
    'is neither complete nor failed': isOfLiving && backup.status !== 'FAILED' && backup.status !== 'COMPLETED',
    'is the newest recovery point': backup.status === 'COMPLETED' && isOfLiving && newer.length === 0,
    'is the last full': backup.status === 'COMPLETED' && isOfLiving && otherFulls.length === 0 && !backup.parentId,
    'is not ours': provenSlot(identity, backup) === null,
    'has children': children.length > 0,
  };
  return Object.entries(wrongs).flatMap(([what, wrong]) => (wrong ? [`${at} is of a backup that ${what}`] : []));
}

function wrongRows(service: Service): readonly string[] {
  return service
    .runs()
    .flatMap(({ run_id, state, because, kind_because, ended_utc, backup_id }) => [
      ...(ended_utc !== null && because === null ? [`run ${run_id} ended as ${state} without a reason`] : []),
      ...(['intent', 'unknown', 'running'].includes(state) && kind_because === null && because === null
        ? [`run ${run_id} is ${state} without a reason`]
        : []),
      ...(state === 'completed' && backup_id === null ? [`run ${run_id} is completed without a backup`] : []),
    ]);
}

/** Ends that nobody could make sense of. */
export function unexplained(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ run_id, because }) => {
    const sentences = because === null ? ['', ''] : [explain(because, 'en'), explain(because, 'vi')];
    return sentences.every((sentence) => sentence.length > 10) ? [] : [`run ${run_id} is explained by "${sentences}"`];
  });
}

/** What must never be and is, one sentence each; holds after any history, at any instant. */
export function brokenLaws(region: Region, service: Service, key: Buffer, caps: Caps): readonly string[] {
  const identity = identityOf(key);
  return [
    ...doubled(region, identity),
    ...service.wire.posts.flatMap((post) => [...wrongParent(identity, post), ...beyondCaps(post, caps)]),
    ...service.wire.deletions.flatMap((deletion) => wrongDeletion(identity, deletion)),
    ...wrongRows(service),
  ];
}
