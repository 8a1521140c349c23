import { expect, it } from 'vitest';
import { order, type Stage } from './stage.ts';
import { rowsOf } from './user.ts';

export function describeBus(stage: Stage): void {
  it('with the bus away POST and DELETE hang, and are carried out when it is back, though nobody waits any more', async () => {
    const { one, target } = stage.cast;
    const { id } = await order(one, { name: 'by-the-bus' });
    await stage.ready(one, id);
    const doomed = await stage.made(one, { name: 'doomed', instance: id });

    await stage.control({ busDown: true });
    const signal = AbortSignal.timeout(target.timings.silenceMs);
    const post = one.request('POST', '/backups', { body: { backup: { name: 'late', instance: id } }, signal });
    const deletion = one.request('DELETE', `/backups/${doomed.id}`, { signal });
    const outcomes = Promise.allSettled([post, deletion]);

    // What needs no word on the bus is answered meanwhile.
    expect((await one.backup({ name: '-', instance: id })).status).toBe(400);
    expect((await one.delete('/backups/nosuch')).status).toBe(404);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    // If the API's first word still went out as the bus died, the row is there already, NEW.
    const rows = rowsOf(await one.get(`/backups?instance_id=${id}`), 'backups');
    expect(rows.find(({ name }) => name === 'doomed')).toMatchObject({ status: 'COMPLETED' });
    expect(rows.find(({ name }) => name === 'late')?.status ?? 'NEW').toBe('NEW');

    await stage.control({ busDown: false });
    await stage.gone(one, doomed.id);
    const late = await stage.eventually('the late backup', async () =>
      rowsOf(await one.get(`/backups?instance_id=${id}`), 'backups').find(({ name }) => name === 'late'),
    );
    expect((await stage.ended(one, late.id)).status).toBe('COMPLETED');
    await stage.ready(one, id);
  });
}
