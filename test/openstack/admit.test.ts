import { expect, it } from 'vitest';
import { type Admission, createTrove, type TroveOptions } from '../../lib/openstack/index.ts';
import { failureOf, PROJECT, stubKeystone, TROVE } from './support.ts';

const scope = { projectId: PROJECT };
const EMPTY = { backups: [], links: [] };

/** A Trove that answers at once, and says when it was asked. */
function trove(options: TroveOptions, answers: readonly (() => Response)[] = []) {
  const left = [...answers];
  const asked: string[] = [];
  const fetch: TroveOptions['fetch'] = (url, init) => {
    asked.push(`${init?.method} ${url}`);
    return Promise.resolve(left.shift()?.() ?? Response.json(EMPTY));
  };
  const sleep = () => Promise.resolve();
  return { asked, backups: createTrove(stubKeystone(), { fetch, sleep, ...options }).project(scope).backups };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

it('each attempt is let out by itself, with the project it is charged to', async () => {
  const admitted: Admission[] = [];
  const admit = async (request: Admission) => void admitted.push(request);
  const { backups } = trove({ admit }, [() => new Response('', { status: 503 })]);
  await backups.list();
  const url = `${TROVE}/v1.0/${PROJECT}/backups?limit=1000`;
  const request = { service: 'database', method: 'GET', url, projectId: PROJECT };
  expect(admitted).toEqual([request, request]);
});

it('waiting to be let out counts neither for the attempt nor for the call', async () => {
  const { backups } = trove({ admit: () => pause(60), timeoutMs: 30 });
  expect(await backups.list({}, { deadlineMs: 50 })).toEqual({ complete: true, items: [] });
});

it('a caller who gives up while it waits has sent nothing', async () => {
  const { asked, backups } = trove({ admit: () => new Promise(() => undefined) });
  const controller = new AbortController();
  const creating = failureOf(backups.create({ name: 'n', instanceId: 'i' }, { signal: controller.signal }));
  await pause(5);
  controller.abort();
  expect(await creating).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
  expect(asked).toEqual([]);
});

it('what it refuses was not sent, and is not tried again', async () => {
  const { asked, backups } = trove({ admit: () => Promise.reject(new Error('not today')) });
  const error = await failureOf(backups.list());
  expect(error).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
  expect(error.message).toContain('not today; it was not let out, so nothing was sent');
  expect(asked).toEqual([]);
});

it('what is to be written down before a request leaves is so when token and admission are there', async () => {
  const steps: string[] = [];
  const keystone = stubKeystone();
  const admit = async () => void steps.push(`let out with the ${keystone.asked.at(-1)} token`);
  const fetch: TroveOptions['fetch'] = (_, init) => {
    steps.push(`sent ${init?.method}`);
    return Promise.resolve(Response.json({}, { status: 500 }));
  };
  const { backups } = createTrove(keystone, { fetch, admit }).project(scope);
  const beforeSend = async () => void steps.push('written down');
  await failureOf(backups.create({ name: 'n', instanceId: 'i' }, { beforeSend }));
  expect(steps).toEqual(['let out with the fresh token', 'written down', 'sent POST']);
});

it('what cannot be written down is not sent, and the failure is told as it is', async () => {
  const { asked, backups } = trove({});
  const full = new Error('the disk is full');
  const creating = backups.create({ name: 'n', instanceId: 'i' }, { beforeSend: () => Promise.reject(full) });
  await expect(creating).rejects.toBe(full);
  expect(asked).toEqual([]);
});
