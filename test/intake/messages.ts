/** A message as Trove's oslo.messaging writes it (driver `messagingv2`), about an instance that is up. */
export function created(instanceId: string, over: Readonly<Record<string, unknown>> = {}): Buffer {
  const message = {
    message_id: 'cffe3c3b-e801-4073-a778-306e25570e2b',
    event_type: 'trove.instance.create',
    timestamp: '2026-11-22 06:38:42.530167',
    payload: { instance_id: instanceId, tenant_id: PROJECT },
    ...over,
  };
  return Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }));
}

export const PROJECT = 'e8f4f57e1a794d6ca2e3c4eb3ce9596e';
/** As Trove writes ids, one for each number. */
export const idOf = (n: number): string => `0d81a3c2-6a33-4b26-8df3-${String(n).padStart(12, '0')}`;
