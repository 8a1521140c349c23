import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDaemon } from './daemon.ts';

const COMMITTED = join(import.meta.dirname, '../../docs/openapi.json');

test('docs/openapi.json is what the service says', async () => {
  const daemon = await openDaemon();
  const { body } = await daemon.get('/v1/openapi.json');
  await daemon.close();
  const committed: unknown = JSON.parse(readFileSync(COMMITTED, 'utf8'));
  expect(body, 'the API has changed: see whether that is meant, and write it anew by: npm run openapi').toEqual(
    committed,
  );
});
