#!/usr/bin/env -S node --max-semi-space-size=4
// V8 would keep tens of megabytes for young objects, and a look at a large region makes many: it is given less.
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
