import { plural } from '../plural.ts';

export const instance = {
  newest: 'Newest recovery point',
  next: 'Next backup',
  policy: 'Policy',
  datastore: 'Datastore',
  status: 'Status in Trove',
  id: 'Id',
  gone: 'The instance is gone since',
  marked: (n: number) =>
    plural('en', n, { one: '# backup is marked and goes soon.', other: '# backups are marked and go soon.' }),
};
