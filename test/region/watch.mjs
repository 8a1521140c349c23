// watch.mjs PID: takes the region of REGION_DIR down once the process PID is gone.
import { spawn } from 'node:child_process';
import { SOURCE } from './settings.mjs';

const EVERY_MS = 1000;
const owner = Number(process.argv[2]);

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // alive, and another user's
  }
};

setInterval(() => {
  if (isAlive(owner)) return;
  // Without the region's mark, or `down` would find itself among those to kill.
  const { REGION_PART: _, ...env } = process.env;
  spawn(`${SOURCE}/region`, ['down'], { env, detached: true, stdio: 'ignore' }).unref();
  process.exit();
}, EVERY_MS);
