/** Before the API's own words, where those are of another language: by the title of its error. */
export const failures = {
  unreachable: 'The service cannot be reached.',
  unreachableHint: 'Check your connection. What you typed stays here.',
  notUnderstood: (p: { status: string }) => `Something between you and the service answered with status ${p.status}.`,
  titles: {
    invalid: 'The service does not take what was entered.',
    unauthorized: 'You are not signed in, or not any more.',
    forbidden: 'Your roles do not allow this.',
    'not-found': 'It is not there, or not any more.',
    changed: 'It was changed meanwhile.',
    'cloud-unavailable': 'The cloud does not answer now; nothing was changed.',
    'shut-out': 'The service may not act in this project.',
    'too-many-requests': 'Those were too many requests.',
    internal: 'This failed by a fault of the service.',
    other: 'The service refused this.',
  },
};
