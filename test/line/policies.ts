/** Lists of policies as a configuration has them. */
export const OFTEN = '  - { name: often, select: { projects: [demo@Default] }, every: 5s, max_incrementals: 2 }';
export const ONCE = '  - { name: once, select: { projects: [demo@Default] }, every: 1h, first_within: 1s }';
