import { startCall } from '../call.ts';
import type { Session } from '../session.ts';
import type { CallOptions, Limits, Quotas } from '../types.ts';
import { limitsSchema, quotasSchema } from './wire.ts';

/** Trove: trove/extensions/mgmt/quota/service.py show: a project's own token may read its own. */
export async function showQuotas(session: Session, options?: CallOptions): Promise<Quotas> {
  const path = ({ projectId }: { readonly projectId: string }) => `/mgmt/quotas/${encodeURIComponent(projectId)}`;
  return (await session.read(path, quotasSchema, startCall(options))).body;
}

/** Trove: trove/limits/service.py */
export async function showLimits(session: Session, options?: CallOptions): Promise<Limits> {
  return (await session.read('/limits', limitsSchema, startCall(options))).body;
}
