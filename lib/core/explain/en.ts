import type { Period } from '../keep.ts';
import type { Overridable } from '../overrides.ts';
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

const WHAT: Readonly<Record<Overridable | 'enabled' | 'pause', string>> = {
  every: 'the interval',
  window: 'the window',
  zone: 'the time zone',
  keep: 'what is kept',
  enabled: 'whether there are backups',
  pause: 'pauses',
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
  'project-policy-selects': ({ policy }) => `The project's own policy "${policy}" is the first that selects it.`,
  'opted-out': () => 'Its project opted out of backups for it; none is made, and none is deleted.',
  'override-not-allowed': ({ what, policy }) =>
    `Policy "${policy}" leaves ${WHAT[what]} to its operator; ask the operator, or leave it out.`,
  'override-too-often': ({ everyMs, leastMs, policy }) =>
    `Every ${duration(everyMs)} is more often than policy "${policy}" allows; give ${duration(leastMs)} or more.`,
  'override-keeps-too-little': ({ withinMs, leastMs, policy }) =>
    `${withinMs === null ? 'Without "within" not every backup of a time is kept' : `To keep within ${duration(withinMs)} is too little`}, and policy "${policy}" asks for ${duration(leastMs)}; give "within" of ${duration(leastMs)} or more, and other rules besides.`,
  'pause-too-long': ({ forMs, mostMs, policy }) =>
    `A pause of ${duration(forMs)} is longer than policy "${policy}" allows; give ${duration(mostMs)} or less.`,
  'override-of-rule': ({ form }) =>
    `The policy names its times by ${form}, which has no window and a zone of its own; give "every" besides, or leave window and zone out.`,
  'override-zone-alone': () =>
    'A zone has no meaning with an interval around the clock; give a window besides, or leave the zone out.',
  'override-beyond-window': ({ everyMs, openMs }) =>
    `Every ${duration(everyMs)} is longer than the window of ${duration(openMs)}, in which some instances would never have a slot; give a shorter interval, a day, or a wider window.`,
  'override-dropped': ({ of, source, by }, tell) =>
    `${source.layer === 'project' ? `What the project's policy "${source.policy}"` : 'What the instance'} says of ${WHAT[of]} does not count. ${tell(by)}`,
  'selects-nothing': () => 'It selects no instance of the project as things are.',
  'keeps-beyond': ({ keptMs, horizonMs }) =>
    `Backups stay for ${duration(keptMs)}, so their number goes on growing beyond the ${duration(horizonMs)} that are looked ahead.`,
  'chain-outlasts': ({ withinMs, chainMs }) =>
    `A full stays as long as anything that stands on it, so with chains of up to ${duration(chainMs)} some backups stay that much longer than ${duration(withinMs)}; a full more often makes that less.`,
  'window-gap': ({ everyMs, longestMs }) =>
    `Outside the window nothing starts, so an interval of ${duration(everyMs)} leaves up to ${duration(longestMs)} without a backup.`,
  'opt-out-dropped': ({ by }, tell) => `It is backed up though its project opted out. ${tell(by)}`,
  'first-within': ({ withinMs }) => `A new instance gets its first backup within ${duration(withinMs)}.`,
  'enrolled-over': ({ overMs }) =>
    `It is older than this service; such instances begin one by one over ${duration(overMs)}.`,
  'slot-elapsed': ({ everyMs }) => `Its slots come every ${duration(everyMs)}, from a moment of the instance's own.`,
  'slot-within': ({ zone }) => `Only those inside the window count, by the clocks of ${zone}.`,
  'slot-named': ({ local, zone, offsetMs }) =>
    `Its schedule names ${local} in ${zone}; this instance's share of the spread comes ${duration(offsetMs)} later.`,
  'slot-skipped-time': ({ local, zone }) =>
    `Clocks in ${zone} never showed ${local}, so it counts as the first moment after the gap.`,
  'slot-doubled-time': ({ local, zone }) => `Clocks in ${zone} showed ${local} twice; the first of the two counts.`,
  'slot-stretched': ({ slots }) => `One in ${slots} of its slots is used, since the project's quota holds no more.`,
  'slot-out-of-turn': () => 'It is no time of its schedule: a first backup, or one that makes up for what was lost.',
  'slot-unknown': () => 'Its schedule has no such slot.',
  'made-for-slot': ({ slotUtc }) => `It was made for the slot of ${utc(slotUtc)}.`,
  'made-by-user': () => 'This service did not make it: it is never deleted, nor built upon.',
  'makes-up-for': ({ slotUtc, by }, tell) => `It makes up for the slot of ${utc(slotUtc)}. ${tell(by)}`,
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
  'full-demanded': () => 'Full, because a full backup was asked for.',
  'instance-busy': ({ status }) => `Waiting, because the instance's status is ${status}.`,
  'backup-running': ({ backup }) => `Waiting, because backup ${backup} of this instance is still running.`,
  'backup-stuck': ({ backup, instance, status, sinceUtc, limitMs }) =>
    `Backup ${backup} is ${status} since ${utc(sinceUtc)}, longer than ${duration(limitMs)}, and Trove makes no other of this instance meanwhile; ask the operator to reset it: openstack database instance reset status ${instance}`,
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
  paused: ({ owner, note, untilUtc }) => `Paused by ${owner} until ${utc(untilUtc)}: ${note}`,
  'backing-off': ({ failures, untilUtc }) =>
    `The last ${failures} backups failed, so one is tried a day; the next after ${utc(untilUtc)}.`,
  frozen: ({ untilUtc, reason }) => `The operator allows no backups until ${utc(untilUtc)}: ${reason}`,
  quota: ({ inUse, limit, reserve, ask }) =>
    `The project uses ${inUse} of ${limit} backups and ${reserve} stay free for its users; ask for a quota of ${ask}.`,
  'quota-short': ({ ours, others, limit, reserve, ask }) =>
    `Its instances will have ${ours} backups at once by their policies, and ${others} others use the quota of ${limit}, of which ${reserve} stay free for its users; ask for a quota of ${ask}.`,
  'quota-holds-older': ({ limit, ask }) =>
    `Not backed up, because the project's quota of ${limit} backups holds those of its older instances alone; ask for a quota of ${ask}.`,
  'quota-enough': ({ limit }) =>
    limit < 0
      ? "The project's quota has no limit; its policies are in force as they are configured."
      : `The project's quota of ${limit} holds all backups of its policies, which are in force as they are configured.`,
  'quota-freeing': () =>
    'Waiting, because the quota is full, and a backup that nothing keeps any more is being deleted.',
  'adapted-chains': ({ from, to }) =>
    to === 0
      ? 'Fulls alone, so that each can go by itself.'
      : `At most ${to} incrementals on a full, in place of ${from}.`,
  'adapted-interval': ({ fromMs, toMs }) => `A backup every ${duration(toMs)}, in place of ${duration(fromMs)}.`,
  'adapted-count': ({ of, from, to }) => `Keeps ${of}: ${to}, in place of ${from}, which are as long a time.`,
  'adapted-floor': ({ fulls }) =>
    `Keeps the newest recovery point and the newest fulls, ${fulls} of them, and nothing more.`,
  'no-role': ({ project }) =>
    `This service has no role on project ${project}; give it the role database_backup, inherited on the domain.`,
  'no-trust': ({ project, trustee }) =>
    `No trust that holds gives this service project ${project}; one of its members can make one: openstack trust create --project ${project} --role <id of the role member> <own user id> ${trustee}`,
  'owner-conflict': ({ backup, owner }) =>
    `Backup ${backup} was made by another autobackup service (${owner}); an operator must decide which one stays.`,
  'policy-unusable': ({ detail }) =>
    `Its stored policy cannot be used any more: ${detail}. Mend the policy in the configuration, or exclude the instance.`,
  missed: () =>
    'The service could not start it in its time; of all the slots that passed so, only the newest is made up for.',
  expired: ({ held }, tell) => `The next slot came before this one could start. Until then: ${tell(held)}`,
  'window-ended': ({ held }, tell) => `Its window ended before it could start. Until then: ${tell(held)}`,
  credited: ({ backup, finishedUtc }) =>
    `Needless, because a full backup of the user's own, ${backup}, was finished at ${utc(finishedUtc)}.`,
  'demand-expired': ({ afterMs, held }, tell) =>
    `The request could not be carried out within ${duration(afterMs)}. Before: ${tell(held)}`,
  'demand-cancelled': ({ who }) => `The request was cancelled by ${who} before a backup was asked for.`,
  'instance-unknown': () => 'Not taken: the project has no such instance, as far as this service knows.',
  'demand-waiting': ({ run }) => `Not taken: request ${run} for this instance has not ended yet.`,
  'key-reused': ({ run }) =>
    `Not taken: its key belongs to request ${run}, which asks for something else; give each request a key of its own.`,
  'recent-point': ({ pointUtc }) => `Its newest recovery point is of ${utc(pointUtc)}.`,
  'first-not-due': ({ slotUtc }) => `Its first backup is due at ${utc(slotUtc)}.`,
  'under-way': ({ slotUtc }) => `The backup of ${utc(slotUtc)} is being made.`,
  'point-vanished': ({ slotUtc }) => `The recovery point of ${utc(slotUtc)} is there no more; somebody has deleted it.`,
  'credit-vanished': ({ backup, slotUtc }) =>
    `The user's own backup ${backup}, which stood for the slot of ${utc(slotUtc)}, is there no more.`,
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
  'kept-demanded-until': ({ untilUtc }) => `Kept until ${utc(untilUtc)}, as was said when it was asked for.`,
  'kept-after-delete': ({ untilUtc }) => `Its instance is gone; its backups are kept until ${utc(untilUtc)}.`,
  'kept-last-chain': ({ untilUtc }) =>
    `Its instance is gone; this is its newest recovery point, kept until ${utc(untilUtc)}.`,
  'kept-running': ({ status }) => `It is being made: ${status}.`,
  'kept-failed': () => 'It failed; the newest failed one stays, so that its owner sees it.',
  'kept-no-point': ({ status }) =>
    `Nothing can be restored from it as Trove shows it now (${status}), and nobody knows what it is worth; a member of its project may delete it.`,
  'not-whole': ({ backup, status }) => `Backup ${backup} is ${status}, and not COMPLETED.`,
  'deletion-asked': ({ backup }) =>
    `The deletion of backup ${backup} has been asked for; it may be gone at any moment.`,
  'parent-missing': ({ backup, parent }) => `Backup ${backup} stands on backup ${parent}, which is there no more.`,
  'parent-elsewhere': ({ backup, parent }) =>
    `Backup ${backup} stands on backup ${parent}, which is of another instance.`,
  unwanted: () => 'No rule keeps it any more.',
  'wanted-again': ({ by }, tell) => `It is wanted again. ${tell(by)}`,
  'gone-already': () => 'It is gone already; somebody else has deleted it.',
  'left-by-instance': ({ status }) => `Its instance is gone, and left it as ${status}: it only holds quota.`,
  'failed-on-unwanted': ({ parent }) => `It failed, and stands on backup ${parent}, which no rule keeps any more.`,
  'no-recent-success': ({ pointUtc, intervalMs }) =>
    `Not deleted while the newest recovery point is of ${utc(pointUtc)}, older than twice ${duration(intervalMs)}.`,
  'surplus-failed': ({ kept }) =>
    `Deleted, because it failed and only holds quota; of the failed ones the newest, ${kept}, is kept.`,
  'has-child': ({ child, project }) =>
    `Not deleted, because backup ${child} of project ${project} stands on it and would go too.`,
  'restore-may-read': ({ instance }) =>
    `Not deleted now, because instance ${instance} is being built and may be reading a backup.`,
  'seen-again': ({ instance }) =>
    `Not deleted now, because instance ${instance}, which was taken for gone, is there again.`,
  'observing-deletion': () => 'Mode "observe": this backup would have been deleted now.',
  'took-more': ({ backup, taken }) =>
    `Nothing of this instance is deleted: with backup ${backup} Trove deleted ${taken} more, which were made on it meanwhile. Look at them, then name ${backup} under prune.looked_at.`,
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
