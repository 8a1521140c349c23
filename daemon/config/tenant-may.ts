import { z } from 'zod';
import { TENANT_MAY, type TenantMay } from '../../lib/core/index.ts';
import { parseDuration } from './durations.ts';

/** A bound that is a length of time; false: it may not be set at all. */
function bound(form: RegExp, example: string) {
  return z.union([z.literal(false), z.string()]).transform((value, context): number | null => {
    if (value === false) return null;
    const ms = parseDuration(form.exec(value)?.[1] ?? '');
    if (ms !== null && ms > 0) return ms;
    context.addIssue({ code: 'custom', message: `"${value}" is no bound; write it as ${example}, or false` });
    return z.NEVER;
  });
}

const atLeast = (example: string) => bound(/^>=\s*(\w+)$/, example);

/** What the users of a policy may change of it; what is left out is as in lib/core. */
export const tenantMaySchema = z
  .strictObject({
    window: z.boolean().default(TENANT_MAY.window),
    zone: z.boolean().default(TENANT_MAY.zone),
    every: atLeast('">=6h"').prefault(false),
    keep: atLeast('">=3d"').prefault(false),
    opt_out: z.boolean().default(TENANT_MAY.optOut),
    pause: bound(/^(\w+)$/, '7d').prefault(false),
  })
  .transform(({ opt_out: optOut, pause, ...may }): TenantMay => ({ ...may, optOut, pause }));
