import { plural } from '../plural.ts';

export const region = {
  title: 'Region',
  well: (p: { n: number }) => `Every one of the region's ${plural('en', p.n, { other: '#' })} instances is protected.`,
  some: (p: { n: number; of: number }) =>
    `${plural('en', p.n, { other: '#' })} of the region's ${plural('en', p.of, { other: '#' })} instances ${p.n === 1 ? 'needs' : 'need'} attention.`,
  health: 'Health',
  good: 'Good',
  bad: 'In trouble',
  /** As the daemon calls its parts. */
  parts: {
    tasks: 'Work',
    log: 'Log',
    store: 'Store',
    clock: 'Clock',
    cloud: 'Keystone and Trove',
    bus: 'Message bus',
  },
  works: {
    tasks: 'Everything that it does goes on.',
    log: 'What happens is written down.',
    store: 'It can be read and written.',
    clock: 'It shows what the cloud’s clocks show.',
    cloud: 'They answer.',
    bus: 'It is listened to.',
  },
  fails: {
    tasks: 'Part of the work has stopped and is begun again; what is due waits meanwhile.',
    log: 'Nothing can be written down.',
    store: 'It cannot be written: no backup is asked for and nothing is deleted.',
    clock: 'The time is in doubt: nothing is due and nothing is deleted until it is good again.',
    cloud: 'They cannot be looked at: what is known may be old.',
    bus: 'It is not listened to: new instances are found by the periodic look alone, minutes later.',
  },
  starts: 'When backups start in the next 7 days',
  worst: 'Worst recovery points',
  quota: 'Quota trouble',
  quotaNone: 'Every project has quota enough.',
  projects: 'Projects',
  project: 'Project',
  instances: 'Instances',
  states: 'States',
  oldest: 'Oldest recovery point',
};
