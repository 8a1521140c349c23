import { expect, test } from 'vitest';
import { nodeTooOld } from '../../daemon/node-version.ts';

test.each(['18.20.8', '20.20.2', '21.7.3', '22.0.0', '22.13.1'])(
  'Node %s is refused in one sentence that names it',
  (version) => {
    const sentence = nodeTooOld(version);
    expect(sentence).toContain(`this is ${version}`);
    expect(sentence).toContain('Node 22.14 or newer');
    expect(sentence?.split('\n')).toHaveLength(1);
  },
);

test.each(['22.14.0', '22.21.1', '23.0.0', '24.21.0', '26.10.0'])('Node %s is taken', (version) => {
  expect(nodeTooOld(version)).toBeNull();
});
