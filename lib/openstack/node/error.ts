/** clouds.yaml or the environment cannot be used as it stands; the message says where, and what to do. */
export class CloudConfigError extends Error {
  override readonly name = 'CloudConfigError';
}
