import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApp } from '../../daemon/app.ts';
import { configWith } from './sample.ts';

test('a daemon whose bus has a CA that cannot be used does not start, and says which file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trove-autobackup-tls-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, 'no certificate');
  const config = {
    ...configWith('bus', { url: 'amqps://a:b@rabbit.example/', tls: { ca } }),
    store: { path: join(folder, 'store.sqlite'), key_file: join(folder, 'marker.key') },
  };
  await expect(startApp({ config })).rejects.toMatchObject({
    code: 78,
    message: `bus.tls.ca: ${ca} holds no certificate; give a file in PEM form`,
  });
  rmSync(folder, { recursive: true });
});
