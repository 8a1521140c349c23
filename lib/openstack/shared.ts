import { type Call, withLimits } from './call.ts';
import { connectionError } from './connection.ts';
import { OpenStackError } from './errors.ts';
import { redactor } from './redact.ts';

/** Waits for a request that others wait for as well, under the limits of one's own call: who gives up ends it for nobody else, and who had given up before asks for none. */
export async function sharing<T>(flight: () => Promise<T>, call: Call, url: string, secret: () => string): Promise<T> {
  try {
    return await withLimits(call, Number.POSITIVE_INFINITY, flight);
  } catch (error) {
    if (error instanceof OpenStackError) throw error;
    const { sentRequestId } = call;
    const attempt = { method: 'POST', url, sentRequestId, sent: false, status: undefined, requestId: undefined };
    throw connectionError(error, attempt, redactor([secret()]));
  }
}
