import type { AuditEntry, AuditPort } from '../../../daemon/ports/audit.ts';

export interface AuditLab {
  readonly audit: Pick<AuditPort, 'begin' | 'end'>;
  readonly clock: { readonly nowUtc: () => number };
  /** What was written down, oldest first: the action, whose, of what, how it ended, and both sides of it. */
  readonly lines: readonly Pick<AuditEntry, 'action' | 'projectId' | 'targetId' | 'before' | 'ended'>[];
}

/** An audit in memory. */
export function auditLab(): AuditLab {
  const lines: (Pick<AuditEntry, 'action' | 'projectId' | 'targetId' | 'before'> & { ended: AuditEntry['ended'] })[] =
    [];
  return {
    lines,
    clock: { nowUtc: () => 0 },
    audit: {
      async begin({ action, projectId, targetId, before }) {
        return String(lines.push({ action, projectId, targetId, before, ended: null }) - 1);
      },
      async end(id, outcome, after) {
        const line = lines[Number(id)];
        if (line) line.ended = { outcome, after };
      },
    },
  };
}
