import nock from 'nock';
import { createTrove, type TroveOptions } from '../../lib/openstack/index.ts';
import { type Capture, PROJECT, stubKeystone, TROVE } from './support.ts';

export const INSTANCE = '6af1f05e-40dd-47a8-bf0d-8b553eb118c2';
export const FULL = 'ee690188-3c0e-4448-a02c-a0d8be08a88a';

export function setUp(projectId = PROJECT, options: TroveOptions = {}) {
  const keystone = stubKeystone(TROVE, projectId);
  const trove = createTrove(keystone, { sleep: () => Promise.resolve(), ...options });
  return { keystone, project: trove.project({ projectId }), region: trove.region({ projectId }) };
}

/** Answers a path with what was recorded; `request` is the body that must be sent. */
export function answer(
  method: string,
  path: string,
  recorded: Pick<Capture, 'status' | 'headers' | 'body'>,
  request?: object,
) {
  return nock(TROVE)
    .intercept(`/v1.0${path}`, method, request as nock.RequestBodyMatcher)
    .reply(recorded.status, recorded.body as nock.Body, { ...recorded.headers });
}

export const ok = (body: object) => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
export const ALL = 'deleted=false&include_clustered=true&limit=1000';
