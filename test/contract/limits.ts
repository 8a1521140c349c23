import { expect, it } from 'vitest';
import { capture, expectShape } from './shape.ts';
import { accepted, type Stage } from './stage.ts';

interface Quotas {
  readonly quotas: readonly { readonly resource: string; readonly in_use: number; readonly limit: number }[];
}

export function describeLimits(stage: Stage): void {
  const quota = async () => {
    const { one } = stage.cast;
    const answer = await one.get(`/mgmt/quotas/${one.projectId}`);
    return (answer.body as Quotas).quotas.find(({ resource }) => resource === 'backups');
  };

  const setQuota = async (backups: number) => {
    const { admin, one } = stage.cast;
    return admin.request('PUT', `/mgmt/quotas/${one.projectId}`, { body: { quotas: { backups } } });
  };

  it('a project may read its own quotas, and nobody else’s', async () => {
    const { one, two, admin } = stage.cast;
    const own = await one.get(`/mgmt/quotas/${one.projectId}`);
    expect(own.status).toBe(200);
    expectShape(own.body, 'quotas, as admin');
    expect((own.body as Quotas).quotas.map(({ resource }) => resource).sort()).toEqual([
      'backups',
      'instances',
      'ram',
      'volumes',
    ]);
    const strange = await one.get(`/mgmt/quotas/${two.projectId}`);
    expect(strange.status).toBe(403);
    expect(strange.body).toEqual({
      forbidden: { code: 403, message: `Operation not allowed for tenant ${one.projectId}.` },
    });
    expect((await admin.get(`/mgmt/quotas/${one.projectId}`)).status).toBe(200);
  });

  it('only an admin may set quotas', async () => {
    const { one } = stage.cast;
    const answer = await one.request('PUT', `/mgmt/quotas/${one.projectId}`, { body: { quotas: { backups: 1000 } } });
    expect(answer.status).toBe(401);
    expect(await setQuota(-2)).toMatchObject({
      status: 400,
      body: { badRequest: { message: "Quota limit '-2' for 'backups' is too small - must be at least '-1'." } },
    });
  });

  it('beyond the quota a backup is a 413 without Retry-After', async () => {
    const { one, main } = stage.cast;
    const used = (await quota())?.in_use ?? 0;
    await setQuota(used);
    const answer = await one.backup({ name: 'beyond', instance: main });
    expect(await quota()).toMatchObject({ in_use: used, limit: used });
    await setQuota(50);
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual(capture('create a backup beyond the quota of 2').body);
    expect(answer.headers.get('Retry-After')).toBeNull();
    expect(await stage.names(one)).not.toContain('beyond');
  });

  it('a running backup already counts, an incremental too, and a deleted one no more', async () => {
    const { one, main } = stage.cast;
    const used = (await quota())?.in_use ?? 0;
    const full = accepted(await one.backup({ name: 'counted', instance: main }));
    expect(await quota()).toMatchObject({ in_use: used + 1 });
    await stage.ended(one, full.id);
    await stage.made(one, { name: 'counted-too', instance: main, parent_id: full.id });
    expect(await quota()).toMatchObject({ in_use: used + 2 });
    await one.delete(`/backups/${full.id}`);
    await stage.gone(one, full.id);
    expect(await quota()).toMatchObject({ in_use: used });
  });

  it('the limits say how many backups a project may have', async () => {
    const { body } = await stage.cast.one.get('/limits');
    expectShape(body, 'limits');
    expect((body as { limits: readonly unknown[] }).limits[0]).toMatchObject({ verb: 'ABSOLUTE', max_backups: 50 });
  });
}
