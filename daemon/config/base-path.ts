import { z } from 'zod';

/** Where the service lies for a browser: `/`, or what a proxy puts before it and takes away again: `/backups/`. */
export const basePathSchema = z
  .string()
  .regex(/^\/(?:[\w.~-]+\/)*$/, 'must begin and end with a slash, as / or /backups/ do');
