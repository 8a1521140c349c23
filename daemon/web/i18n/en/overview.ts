import { plural } from '../plural.ts';

export const overview = {
  all: (p: { n: number }) =>
    p.n === 1 ? 'Your instance is protected.' : `All ${plural('en', p.n, { other: '#' })} instances are protected.`,
  some: (p: { n: number; of: number }) =>
    `${plural('en', p.n, { other: '#' })} of ${plural('en', p.of, { one: '# instance needs', other: p.n === 1 ? '# instances needs' : '# instances need' })} attention.`,
  none: 'There are no instances yet.',
  noneHint: 'Create one in Trove: within minutes it shows up here with a schedule, and its first backup follows.',
  outside: (p: { n: number }) => `${plural('en', p.n, { one: '# is', other: '# are' })} paused or excluded.`,
  asOf: 'As of',
  byState: 'Instances by state',
  attention: 'Needs attention',
  attentionNone: 'Nothing needs attention',
  attentionNoneHint: 'Every instance that has a schedule has a recent recovery point.',
  attentionMore: (p: { n: number }) => plural('en', p.n, { one: 'See # more', other: 'See # more' }),
  newest: 'Newest recovery point',
  noPoint: 'No recovery point',
  load: 'Backups that start in the next 24 hours',
  loadSum: (p: { n: number }) => plural('en', p.n, { one: '# start', other: '# starts' }),
  failures: 'Why backups failed in the last 7 days',
  failuresNone: 'No backup failed in the last 7 days.',
  failureRuns: (p: { n: number }) => plural('en', p.n, { one: '# run', other: '# runs' }),
  oldest: 'Oldest recovery points',
  oldestNone: 'There is no recovery point yet.',
  quota: 'Quota',
  instance: 'Instance',
  state: 'State',
  age: 'Age',
};

/** What mends it, by the API's word. */
export const mend = {
  'back-up-now': 'Back up now',
  resume: 'Resume',
  'opt-in': 'Switch on',
  'raise-quota': 'Ask your operator for this quota.',
  'grant-role': 'Ask your operator to give the service its role in this project.',
  'look-at-trove': 'Look at the instance in Trove.',
  wait: 'It mends itself; nothing is to be done.',
  details: 'Details',
  backupAsked: (p: { name: string }) => `A backup of ${p.name} has been asked for.`,
  resumed: (p: { name: string }) => `${p.name} is backed up again.`,
};
