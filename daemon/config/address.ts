import { z } from 'zod';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where to listen: `127.0.0.1:8781`, `[::1]:8781`. */
export const addressSchema = z.string().transform((value, context): Address => {
  const found = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(value);
  const port = Number(found?.[3]);
  if (found && port <= 65_535) return { host: found[1] ?? found[2] ?? '', port };
  context.addIssue({ code: 'custom', message: `"${value}" is no address; write it as 127.0.0.1:8781 or [::1]:8781` });
  return z.NEVER;
});
