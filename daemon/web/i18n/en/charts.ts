import { plural } from '../plural.ts';

export const charts = {
  hour: 'Hour',
  starts: 'Starts',
  startsAt: (p: { when: string; n: number }) =>
    `${p.when}: ${plural('en', p.n, { one: '# start', other: '# starts' })}`,
  few: 'few',
  many: 'many',
};
