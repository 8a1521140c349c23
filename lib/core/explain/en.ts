import type { Period } from '../keep.ts';
import type { Weekday } from '../policy.ts';
import type { Catalogue } from './catalogue.ts';
import { calendarDay, duration, utc } from './format.ts';

const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const PERIODS: Readonly<Record<Period, (startDay: number) => string>> = {
  daily: (day) => `daily backup of ${calendarDay(day)}`,
  weekly: (day) => `weekly backup of the week from ${calendarDay(day)}`,
  monthly: (day) => `monthly backup of the month from ${calendarDay(day)}`,
  yearly: (day) => `yearly backup of the year from ${calendarDay(day)}`,
};

export const en: Catalogue = {
  'policy-selects': ({ policy }) => `Policy "${policy}" is the first that selects this instance.`,
  'excluded-project': ({ project }) => `The operator excluded project ${project}.`,
  'excluded-datastore': ({ datastore }) => `The operator excluded the datastore ${datastore}.`,
  'excluded-name': ({ name, pattern }) => `The name "${name}" matches "${pattern}", which the operator excluded.`,
  replica: ({ master }) => `It is a replica of ${master}, which is backed up itself.`,
  'cluster-member': ({ cluster }) => `It is a member of cluster ${cluster}; Trove refuses backups of members.`,
  'no-policy': () => 'No policy selects this instance.',
  'policy-vanished': ({ policy }) =>
    `Policy "${policy}" is no longer configured; the schedule runs on as that policy was, and prunes nothing.`,
  'instance-gone': () => 'Its project has no such instance any more.',
  'first-within': ({ withinMs }) => `A new instance gets its first backup within ${duration(withinMs)}.`,
  'enrolled-over': ({ overMs }) =>
    `It is older than this service; such instances begin one by one over ${duration(overMs)}.`,
  'no-chain': () => 'Full, because there is no backup of ours to build on.',
  'full-only': ({ datastore }) =>
    `Full, because incrementals of ${datastore} are not safe beside a user's own backups.`,
  'version-changed': ({ from, to }) => `Full, because the datastore changed from ${from} to ${to}.`,
  'previous-failed': ({ slotUtc }) => `Full, because the run of ${utc(slotUtc)} failed.`,
  'chain-length': ({ length, max }) => `Full, because the chain has ${length} of at most ${max} incrementals.`,
  'chain-age': ({ startedUtc, fullEveryMs }) =>
    `Full, because the chain began on ${utc(startedUtc)} and a full is due every ${duration(fullEveryMs)}.`,
  'full-anchor': ({ period, startDay, count }) =>
    `Full, because it will be kept as the ${PERIODS[period](startDay)}, one of ${count}.`,
  'full-weekday': ({ weekday, startedUtc }) =>
    `Full, because a full is due on ${WEEKDAYS[weekday]} and the chain began on ${utc(startedUtc)}.`,
  'continues-chain': ({ parent, length, max }) =>
    `Incremental ${length} of at most ${max}, on the newest recovery point ${parent}.`,
  'instance-busy': ({ status }) => `Waiting, because the instance's status is ${status}.`,
  'backup-running': ({ backup }) => `Waiting, because backup ${backup} of this instance is still running.`,
  'cap-reached': () => 'Waiting, because as many backups as the operator allows are running already.',
  'no-answer-yet': () => 'Waiting, because its turn has not come yet, or the cloud has not answered yet.',
  'rate-limited': ({ retryAfterMs }) => `Waiting ${duration(retryAfterMs)}, as the API's rate limit asks.`,
  'storage-away': ({ detail }) => `Waiting, because the object store cannot be reached: ${detail}`,
  unreachable: ({ detail }) => `Waiting, because the cloud cannot be reached: ${detail}`,
  busy: ({ detail }) => `Waiting, because Trove is busy with the instance, whatever its status says: ${detail}`,
  'quota-refused': ({ detail }) => `Waiting, because the quota was full when Trove was asked: ${detail}`,
  'not-found': ({ detail }) => `Trove did not find what the request named: ${detail}`,
  unauthorized: ({ detail }) => `Waiting, because this service's login or token was not accepted: ${detail}`,
  refused: ({ detail }) => `Trove refused the request: ${detail}`,
  observing: ({ kind }) => `Mode "observe": a backup (${kind}) would have been made now.`,
  'backing-off': ({ failures, untilUtc }) =>
    `The last ${failures} backups failed, so one is tried a day; the next after ${utc(untilUtc)}.`,
  frozen: ({ untilUtc, reason }) => `The operator allows no backups until ${utc(untilUtc)}: ${reason}`,
  quota: ({ inUse, limit, reserve, ask }) =>
    `The project uses ${inUse} of ${limit} backups and ${reserve} stay free for its users; ask for a quota of ${ask}.`,
  'no-role': ({ project }) =>
    `This service has no role on project ${project}; give it the role database_backup, inherited on the domain.`,
  'no-trust': ({ project, trustee }) =>
    `No trust that holds gives this service project ${project}; one of its members can make one: openstack trust create --project ${project} --role <id of the role member> <own user id> ${trustee}`,
  'owner-conflict': ({ backup, owner }) =>
    `Backup ${backup} was made by another autobackup service (${owner}); an operator must decide which one stays.`,
  'policy-unusable': ({ detail }) =>
    `Its stored policy cannot be used any more: ${detail}. Mend the policy in the configuration, or exclude the instance.`,
  missed: () => 'The service was not running then; of all the slots it missed, only the newest is made up for.',
  expired: ({ held }, tell) => `The next slot came before this one could start. Until then: ${tell(held)}`,
  'recent-point': ({ pointUtc }) => `Its newest recovery point is of ${utc(pointUtc)}.`,
  'first-not-due': ({ slotUtc }) => `Its first backup is due at ${utc(slotUtc)}.`,
  'under-way': ({ slotUtc }) => `The backup of ${utc(slotUtc)} is being made.`,
  'point-vanished': ({ slotUtc }) => `The recovery point of ${utc(slotUtc)} is there no more; somebody has deleted it.`,
  'kept-within': ({ withinMs }) => `Kept, because it lies within the recovery window of ${duration(withinMs)}.`,
  'kept-window-start': ({ withinMs, startUtc }) =>
    `Kept, because the recovery window of ${duration(withinMs)} begins at ${utc(startUtc)} and this was the newest then.`,
  'kept-last': ({ place, count }) => `Kept as number ${place} of the newest ${count}.`,
  'kept-period': ({ period, startDay, place, count }) =>
    `Kept as the ${PERIODS[period](startDay)}, ${place} of ${count}.`,
  'kept-without-rule': () => 'Kept, because its policy does not say how long.',
  'kept-newest': () => 'Kept, because it is the newest recovery point.',
  'kept-floor': ({ fulls }) => `Kept, because the newest fulls always stay, ${fulls} of them.`,
  'kept-ancestor': ({ of }) => `Kept, because the kept backup ${of} stands on it.`,
  'kept-held': ({ owner, note, untilUtc }) =>
    `Held by ${owner} ${untilUtc === null ? 'until the hold is lifted' : `until ${utc(untilUtc)}`}: ${note}`,
  'kept-on-demand': () => 'Kept until somebody decides, because it was made on demand without a rule of its own.',
  'kept-after-delete': ({ untilUtc }) => `Its instance is gone; its backups are kept until ${utc(untilUtc)}.`,
  'kept-last-chain': ({ untilUtc }) =>
    `Its instance is gone; this is its newest recovery point, kept until ${utc(untilUtc)}.`,
  'kept-running': ({ status }) => `It is being made: ${status}.`,
  'kept-failed': () => 'It failed; the newest failed one stays, so that its owner sees it.',
  'kept-no-point': ({ status }) =>
    `Nothing can be restored from it as Trove shows it now (${status}), and nobody knows what it is worth; a member of its project may delete it.`,
  unwanted: () => 'No rule keeps it any more.',
  'wanted-again': ({ by }, tell) => `It is wanted again. ${tell(by)}`,
  'gone-already': () => 'It is gone already; somebody else has deleted it.',
  'failed-on-unwanted': ({ parent }) => `It failed, and stands on backup ${parent}, which no rule keeps any more.`,
  'no-recent-success': ({ pointUtc, intervalMs }) =>
    `Not deleted while the newest recovery point is of ${utc(pointUtc)}, older than twice ${duration(intervalMs)}.`,
  'surplus-failed': ({ kept }) =>
    `Deleted, because it failed and only holds quota; of the failed ones the newest, ${kept}, is kept.`,
  'has-child': ({ child, project }) =>
    `Not deleted, because backup ${child} of project ${project} stands on it and would go too.`,
  'restore-may-read': ({ instance }) =>
    `Not deleted now, because instance ${instance} is being built and may be reading a backup.`,
  'observing-deletion': () => 'Mode "observe": this backup would have been deleted now.',
  'clock-was-wrong': ({ untilUtc }) =>
    `Nothing is deleted before ${utc(untilUtc)}: this machine's clock was wrong, and ages may have been.`,
  quarantine: ({ untilUtc }) =>
    `Nothing is deleted before ${utc(untilUtc)}: the service's store is new, and may have been set up by mistake.`,
  'unwanted-no-more': () =>
    'Not deleted, because this backup, or what is to become of its instance, changed just before the request.',
  'odd-row': ({ what, id, field }) =>
    `Not deleted while ${what} ${id} cannot be read (${field}), since it may need this backup.`,
  'deletion-without-effect': ({ afterMs }) =>
    `Trove still shows the backup ${duration(afterMs)} after the request to delete it, which is given up.`,
  'clock-unproven': () => "Waiting for the cloud's first answer, to see whether this machine's clock is right.",
  'clock-jumped': ({ byMs }) =>
    `Waiting, because this machine's clock jumped ${duration(Math.abs(byMs))} ${byMs > 0 ? 'ahead' : 'back'}, and nothing has shown yet that it is right.`,
  'clock-apart': ({ aheadMs }) =>
    `Waiting, because this machine's clock is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the cloud's; one of the two must be set right.`,
  accepted: () => 'Trove accepted the backup.',
  adopted: ({ backup }) => `Backup ${backup} carries this slot's marker and was adopted.`,
  'answer-lost': ({ detail }) => `The answer was lost, so the backup may or may not be made: ${detail}`,
  restarted: () => 'The service stopped between the request and its answer; it now looks for the backup.',
  'backup-completed': () => 'The backup is complete.',
  'backup-failed': ({ status }) => `The backup ended as ${status}.`,
  'backup-vanished': ({ backup }) => `Backup ${backup} was deleted by somebody while it ran.`,
  'outcome-unknown': ({ afterMs }) => `No backup appeared within ${duration(afterMs)} of the lost answer.`,
};
