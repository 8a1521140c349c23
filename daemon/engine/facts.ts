import type { RequestNames } from '../ports/cloud.ts';
import type { Claim } from '../ports/schedule.ts';

/** What every event of a run tells. */
export const factsOf = ({ runId, instanceId, projectId, slotUtc }: Claim) => ({
  run: runId,
  instance: instanceId,
  project: projectId,
  slot: new Date(slotUtc).toISOString(),
});

/** Under which names the services log the request; what is not known is left out. */
export const requestFacts = ({ sent, answered }: RequestNames = { sent: null, answered: null }) => ({
  ...(sent !== null && { request: sent }),
  ...(answered !== null && { serviceRequest: answered }),
});
