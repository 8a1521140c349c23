import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** What systemd hears, as it hears it: a datagram socket of Unix, and who waits for a barrier is let go. */
const LISTEN = `
import array, os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
while True:
    text, ancillary, _, _ = listener.recvmsg(4096, socket.CMSG_SPACE(4))
    for _, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            for handle in array.array('i', data): os.close(handle)
    for line in text.decode().splitlines(): print(line, flush=True)
`;

export interface NotifySocket {
  readonly path: string;
  /** Everything it heard so far but barriers, in order. */
  heard(): readonly string[];
  /** Resolves when so many lines that begin so were heard. */
  until(line: string, count?: number): Promise<void>;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

export async function listenAsSystemd(dir: string): Promise<NotifySocket> {
  const path = join(dir, 'notify');
  const child = spawn('/usr/bin/python3', ['-c', LISTEN, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error('Python could not listen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const heard = (): readonly string[] => text.split('\n').filter((line) => line !== '' && line !== 'BARRIER=1');
  return {
    path,
    heard,
    async until(line, count = 1) {
      while (heard().filter((said) => said.startsWith(line)).length < count) await once(child.stdout, 'data');
    },
  };
}
