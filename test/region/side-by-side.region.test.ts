import { expect, inject, test } from 'vitest';
import { regionAt } from './region.ts';

// A MariaDB that starts removes every `#sql…` from its temporary folder; in a common one it broke the installation of
// another region that had begun in the same second.
test('a region shares no temporary folder with the one that starts beside it', async () => {
  const region = regionAt(inject('region'));
  expect((await region.sql('select @@tmpdir')).trim()).toBe(`${region.dir}/tmp`);
});
