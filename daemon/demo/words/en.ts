/** Everything the demo says by itself; the reasons come from lib/core. */
export const en = {
  title: 'trove-autobackup · demo',
  day: (day: number, days: number | null) => (days === null ? `day ${day}` : `day ${day} of ${days}`),
  pace: (hours: string) => `1 s = ${hours}`,
  noBus: 'no bus',
  columns: { instance: 'instance', policy: 'policy', chains: 'backups', next: 'next', age: 'newest' },
  inTime: (span: string) => `in ${span}`,
  now: 'now',
  gone: 'deleted',
  unseen: 'not seen yet',
  events: 'What happens',
  legend: { full: 'full', incremental: 'incremental', running: 'running', failed: 'failed', none: 'no backup' },
  stops: 'Ctrl-C ends',
  totals: (made: number, full: number, incremental: number) =>
    `${made} backups: ${full} full, ${incremental} incremental`,
  failures: (failed: number) => `${failed} failed`,
  late: (late: number) => `${late} late`,

  acts: {
    create: ({ datastore }: { datastore: string }) => `A user creates a ${datastore} database and asks for no backup.`,
    replicate: ({ master }: { master: string }) => `A user creates a replica of ${master}.`,
    delete: () => 'A user deletes the instance.',
    detach: () => 'A user detaches the replica: it is an instance of its own now.',
    'fail-next': () => 'Its next backup is going to fail.',
    'lose-answer': () => "The answer to its next backup's order is going to be lost.",
  },
  firstSlot: (at: string) => `First backup at ${at} UTC.`,
  overdue: (newest: string | null) =>
    newest === null ? 'Late: there is no recovery point yet.' : `Late: the newest recovery point is of ${newest} UTC.`,
  recovered: 'No longer late.',
  revived: (backup: string) => `Backup ${backup}, given up long ago, has appeared and counts again.`,
  missedSlots: (slots: number) => `${slots} slots passed while the service was away.`,
  bus: { bound: 'The daemon hears what Trove says on RabbitMQ.', lost: 'The connection to RabbitMQ is lost.' },
  cloud: (reason: string) => `The cloud does not answer: ${reason}`,
  fault: (task: string) => `A part of the daemon failed and starts again: ${task}.`,
  vanished: 'Too many instances vanished at once; nothing is believed before an operator confirms.',

  starting: {
    rabbit: 'Starting a RabbitMQ of its own …',
    noRabbit: 'No RabbitMQ is installed (apt-get install rabbitmq-server), so it goes on without the bus.',
    configuration: 'The daemon runs with this configuration:',
    page: (url: string, user: string) => `Its page is at ${url} — sign in as ${user} with the password ${user}.`,
  },
  ending: 'Stopping …',
  summary: {
    title: (days: string) => `After ${days} days, the daemon's store against what the region has:`,
    slots: (count: number) => `${count} ${count === 1 ? 'slot' : 'slots'}`,
    full: (made: number) => `${made} ${made === 1 ? 'backup' : 'backups'}, all full`,
    chains: (made: number, chains: number, lengths: string) =>
      `${made} backups in ${chains} ${chains === 1 ? 'chain' : 'chains'}: ${lengths}`,
    none: 'no backups, as it should be',
    fine: 'All checks hold. Every slot has one end and its reason, and none has two backups; every incremental stands on the backup before it; and what is excluded has none.',
    heard: (count: number) => `RabbitMQ told the daemon ${count} ${count === 1 ? 'time' : 'times'} where to look.`,
    wrong: (count: number) => `${count} ${count === 1 ? 'check does' : 'checks do'} not hold.`,
    failedOnce: (count: number) => `${count} failed, then a full`,
  },
  problems: {
    'slots-differ': (facts: { missing: number; extra: number }) =>
      `${facts.missing} slots lack a run, ${facts.extra} runs have no slot`,
    'slot-twice': (facts: { slot: string }) => `slot ${facts.slot} has two backups`,
    open: (facts: { slot: string; state: string }) => `slot ${facts.slot} has no end (${facts.state})`,
    unexplained: (facts: { slot: string }) => `slot ${facts.slot} ended without a reason`,
    'not-there': (facts: { slot: string }) => `slot ${facts.slot} is completed, but the region has no such backup`,
    unknown: (facts: { backup: string }) => `backup ${facts.backup} is ours, but no run knows it`,
    parent: (facts: { backup: string }) => `backup ${facts.backup} is not built on the one before it`,
    'after-failure': (facts: { slot: string }) => `slot ${facts.slot} followed a failure, but was no full`,
    unprotected: () => 'it has no recent recovery point',
    unscheduled: () => 'it has no schedule',
    excluded: (facts: { count: number }) => `it is excluded, but has ${facts.count} backups of ours`,
  },
};

export type Words = typeof en;
