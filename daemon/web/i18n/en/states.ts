/** What the API names by a word. */
export const states = {
  protection: {
    protected: 'Protected',
    late: 'Late',
    unprotected: 'Unprotected',
    paused: 'Paused',
    excluded: 'Excluded',
  },
  run: {
    claimed: 'Starting',
    intent: 'Starting',
    unknown: 'Answer lost',
    running: 'Running',
    completed: 'Completed',
    failed: 'Failed',
    skipped: 'Skipped',
    credited: 'Credited',
    missed: 'Missed',
    expired: 'Expired',
    aborted: 'Aborted',
  },
};
