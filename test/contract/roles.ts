import { beforeAll, expect, it } from 'vitest';
import { order, type Stage } from './stage.ts';
import { rowOf, type User } from './user.ts';

const wrong = (message: string) => ({ status: 400, body: { badRequest: { code: 400, message } } });

/** How a replica becomes something else. The tests build on one another. */
export function describeRoles(stage: Stage): void {
  let master = '';
  let replicas: readonly string[] = [];

  const act = (id: string, body: Readonly<Record<string, unknown>>, user: User = stage.cast.two) =>
    user.request('POST', `/instances/${id}/action`, { body });
  const detach = (id: string) =>
    stage.cast.two.request('PATCH', `/instances/${id}`, { body: { instance: { replica_of: '' } } });
  const rolesOf = async (id: string) => {
    const row = rowOf(await stage.cast.two.get(`/instances/${id}`), 'instance');
    const list = (row['replicas'] ?? []) as readonly { readonly id: string }[];
    return { of: (row['replica_of'] as { id: string } | undefined)?.id, replicas: list.map((one) => one.id).sort() };
  };
  const becomes = (id: string, of: string | undefined) =>
    stage.eventually(`${id} replica of ${of}`, async () => {
      const { status } = rowOf(await stage.cast.two.get(`/instances/${id}`), 'instance');
      return status === 'ACTIVE' && (await rolesOf(id)).of === of;
    });
  const said = (id: string, event: string) =>
    stage.eventually(`${event} on the bus`, async () => stage.heard.events(id).includes(event));

  beforeAll(async () => {
    const { two } = stage.cast;
    master = (await order(two, { name: 'master' })).id;
    await stage.ready(two, master);
    const made: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const { id } = rowOf(await two.instance({ name, replica_of: master }), 'instance');
      await stage.ready(two, id);
      made.push(id);
    }
    replicas = made;
  });

  it('a detached replica is an instance of its own', async () => {
    const [first = ''] = replicas;
    expect(await detach(master)).toMatchObject(wrong(`Instance ${master} is not a replica.`));
    expect((await detach(first)).status).toBe(202);
    await becomes(first, undefined);
    await said(first, 'dbaas.instance_detach.end');
    expect((await rolesOf(master)).replicas).toEqual(replicas.slice(1).sort());
  });

  it('a promoted replica is the master, and the master its replica; the bus calls it an ejection', async () => {
    const [, second = '', third = ''] = replicas;
    const promote = { promote_to_replica_source: {} };
    expect(await act(master, promote)).toMatchObject(wrong(`Instance ${master} is not a replica.`));
    expect((await act(second, promote)).status).toBe(202);
    await becomes(second, undefined);
    await becomes(master, second);
    expect((await rolesOf(second)).replicas).toEqual([master, third].sort());
    await said(second, 'dbaas.instance_eject.end');
  });

  it('a master is ejected only when its guest is silent, and has no replica then; the bus calls it a promotion', async () => {
    const [, second = '', third = ''] = replicas;
    const eject = { eject_replica_source: {} };
    expect(await act(third, eject)).toMatchObject(wrong(`Instance ${third} is not a replica source.`));
    expect(await act(second, eject)).toMatchObject(
      wrong(`Replica Source ${second} cannot be ejected as it has a current heartbeat`),
    );
    await stage.control({ silent: [second] });
    expect((await act(second, eject)).status).toBe(202);
    const ends = await stage.eventually('a new master', async () => {
      const [a, b] = [await rolesOf(master), await rolesOf(third)];
      if (a.of === undefined && b.of === master) return { next: master };
      return b.of === undefined && a.of === third && { next: third };
    });
    expect(await rolesOf(second)).toEqual({ of: undefined, replicas: [] });
    expect((await rolesOf(ends.next)).replicas).toHaveLength(1);
    await said(second, 'dbaas.instance_promote.end');
    await stage.control({ silent: [] });
  });
}
