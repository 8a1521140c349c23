#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4
// A look at a large region makes many short-lived objects: left alone, V8 and glibc's allocator (one heap a thread)
// would each keep tens of megabytes of what they held.
import { nodeTooOld } from './node-version.ts';

// Looked at before anything else is loaded: better-sqlite3 ends an older Node with a crash, not with a sentence.
const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  process.stderr.write(`${tooOld}\n`);
  process.exitCode = 78;
} else {
  const { run } = await import('./cli/run.ts');
  process.exitCode = await run(process.argv.slice(2));
  // Everything is stopped; a socket that still hangs must not keep the process.
  setTimeout(() => process.exit(), 1_000).unref();
}
