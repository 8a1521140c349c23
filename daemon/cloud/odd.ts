import type { CallOptions, ListOptions } from '../../lib/openstack/index.ts';
import type { OddRow, OnOdd } from '../ports/cloud.ts';

/** A call that lists, and tells odd rows where somebody listens; else one of them refuses the list. */
export function listing(call: CallOptions, kind: OddRow['kind'], onOdd: OnOdd | undefined): ListOptions {
  if (onOdd === undefined) return call;
  return {
    ...call,
    onOddRow: ({ id = null, projectId = null, ...rest }) => onOdd({ ...rest, kind, id, projectId }),
  };
}
