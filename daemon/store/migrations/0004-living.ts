/** Instances that are gone stay as rows; a look goes over the others alone. */
export const living = `
CREATE INDEX instances_living ON instances (instance_id) WHERE gone_utc IS NULL;
`;
