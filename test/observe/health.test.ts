import { expect, test } from 'vitest';
import { report } from '../../daemon/observe/health.ts';

test('the whole is well when each part is, and every part is told', () => {
  const well = { ok: true, detail: 'bound' };
  const ill = { ok: false, detail: 'no exchange "trove" yet' };
  expect(report({})).toEqual({ ok: true, parts: {} });
  expect(report({ bus: () => well })).toEqual({ ok: true, parts: { bus: well } });
  expect(report({ cloud: () => well, bus: () => ill })).toEqual({ ok: false, parts: { cloud: well, bus: ill } });
});
