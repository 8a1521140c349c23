import type { Sentences } from './catalogue.ts';

const utc = (instant: number): string => new Date(instant).toISOString();

export const en: Sentences = {
  'signed-out': ({ detail }) => [`OpenStack does not take this token: ${detail}`, 'sign in anew'],
  'forbidden-by-cloud': ({ detail }) => [
    `OpenStack does not allow it: ${detail}`,
    'ask an admin of the project for a role that may do so in Trove',
  ],
  'not-found-in-cloud': ({ detail }) => [`OpenStack does not find it: ${detail}`, 'look at the list again'],
  'quota-full': ({ detail }) => [
    `The quota of your project is full: ${detail}`,
    'delete what you do not need, or ask your operator for a higher quota',
  ],
  'rate-limited': ({ detail }) => [
    `Trove has had too many requests of your project: ${detail}`,
    'wait as long as Retry-After says, and try again',
  ],
  busy: ({ detail }) => [
    `Trove is busy with it: ${detail}`,
    'try again when the action that runs on the instance or backup has ended',
  ],
  'conflict-in-cloud': ({ detail }) => [`It does not fit what is there: ${detail}`, 'look at it again, then decide'],
  'refused-by-cloud': ({ detail }) => [`Trove refuses it: ${detail}`, 'correct what it names'],
  'storage-unavailable': ({ detail }) => [
    `The object store that holds the backups cannot be reached: ${detail}`,
    'try again later; if it stays so, tell your operator. Nothing was changed',
  ],
  'no-endpoint': ({ detail }) => [`OpenStack's catalogue leads nowhere: ${detail}`, 'tell your operator'],
  'no-answer': ({ detail }) => [`OpenStack gave no answer to go by: ${detail}`, 'try again; nothing was changed'],
  'outcome-unknown': ({ detail }) => [
    `The answer was lost: ${detail}`,
    'it may have been done, or may be done yet; look at the list before you ask for it again',
  ],
  'has-descendants': ({ backup, count }) => [
    `${count === 1 ? 'One backup stands' : `${count} backups stand`} on backup ${backup} and would go with it`,
    'see them in details; add cascade=true to delete them all',
  ],
  held: ({ backup, owner, note }) => [
    `Backup ${backup} is held by ${owner}: ${note}`,
    `take the hold away first: DELETE /v1/backups/${backup}/hold`,
  ],
  running: ({ backup, status }) => [
    `Backup ${backup} is being made (${status})`,
    'wait until it is done; Trove deletes none that runs',
  ],
  going: ({ backup }) => [
    `The deletion of backup ${backup} has been asked for already`,
    'wait: it goes as soon as Trove carries it out; should it be there after a day, ask again',
  ],
  unreadable: ({ backup, field }) => [
    `Backup ${backup} cannot be read (${field}) and may stand on this one`,
    'look at it with the openstack command, and delete or mend it there first',
  ],
  'newest-recovery-point': ({ backup, leftUtc }) => [
    leftUtc === null
      ? `With backup ${backup} the last recovery point of its instance would go: nothing could be restored any more`
      : `With backup ${backup} the newest recovery point of its instance would go; the newest left is of ${utc(leftUtc)}`,
    'back up now first, or add confirm=newest-recovery-point',
  ],
  'project-busy': () => ['Another change of your project is on its way to Trove', 'try again in a moment'],
  'not-managed': ({ backup }) => [
    `Backup ${backup} was not made by this service, which never deletes it`,
    'it needs no hold: only members of your project can delete it',
  ],
  'not-held': ({ backup }) => [`Backup ${backup} has no hold in your project`, 'look at the list again'],
  'not-marked': ({ backup }) => [
    `Backup ${backup} is not marked to go`,
    `to keep it beyond its policy, hold it: PUT /v1/backups/${backup}/hold`,
  ],
  'not-restorable': ({ because }, tell) => [
    `Nothing can be restored from this backup. ${tell(because)}`,
    'take one whose is_recovery_point is true',
  ],
  'volume-too-small': ({ givenGb, leastGb }) => [
    `A volume of ${givenGb} GB does not hold this backup, which needs ${leastGb} GB`,
    `give volume_size_gb of ${leastGb} or more`,
  ],
  'volume-size-needed': () => [
    'The instance that the backup is of is gone, and so is its volume',
    'give volume_size_gb',
  ],
  'no-datastore': ({ backup }) => [
    `The datastore version of backup ${backup} is gone`,
    'ask your operator to bring it back to Trove',
  ],
  'no-flavor': ({ id }) => [`There is no flavor ${id} for this datastore`, 'take one of GET /v1/backups/ID/restore'],
  'no-network': ({ id }) => [
    `There is no network ${id} that your project can use`,
    'take one of GET /v1/backups/ID/restore',
  ],
  'restore-unknown': () => [
    'This restore was asked for before, and its answer was lost: the new instance may be there, or may come yet',
    'look at the list of instances; if it does not come, ask again with another Idempotency-Key',
  ],
  'not-taken': ({ because }, tell) => [tell(because), 'change what it says first'],
  'clock-doubtful': ({ because }, tell) => [tell(because), 'try again in a minute; nothing was changed'],
  'already-waiting': ({ because }, tell) => [tell(because), 'wait for that run, or cancel it: DELETE /v1/runs/ID'],
  'key-reused': ({ because }, tell) => [
    because ? tell(because) : 'This Idempotency-Key came before, with a restore that was another one',
    'send another Idempotency-Key',
  ],
  'bad-key': () => ['Idempotency-Key is not 1 to 255 visible characters', 'send a random UUID'],
  'too-late': ({ run, state }) => [
    `Run ${run} is ${state} and cannot be cancelled`,
    'only a request of which nothing was asked for yet can be; delete its backup when it is done',
  ],
};
