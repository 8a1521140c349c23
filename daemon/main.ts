#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { nodeTooOld } from './node-version.ts';

// A look at a large region makes many short-lived objects: left alone, V8 would let its heaps grow to several times what
// is in use before it looks what can go. Said here, and not on a command line, it holds however the daemon is started.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=30');

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
