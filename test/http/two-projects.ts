import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../daemon/ports/log.ts';
import type { Region } from '../../lib/simulator/index.ts';
import { policy } from './calls.ts';
import { type Daemon, openDaemon, silent } from './daemon.ts';

/** What a project has of each kind of thing that has an id. */
export interface Belongings {
  readonly projectId: string;
  readonly instanceId: string;
  readonly backupId: string;
  readonly runId: string;
  readonly policyId: string;
  /** In no answer to anybody else. */
  readonly secrets: readonly string[];
}

export interface TwoProjects {
  readonly daemon: Daemon;
  readonly demo: Belongings;
  readonly alt: Belongings;
  readonly tokens: Readonly<Record<Who, string>>;
  /** What the service told its operator of faults of its own. */
  readonly faults: readonly unknown[];
}

/** `boss` is an admin of project demo alone; `other` a member of project alt; a token of demo was `revoked`, one has `expired`. */
export type Who = 'reader' | 'member' | 'boss' | 'other' | 'admin' | 'system' | 'revoked' | 'expired';

const TIMINGS = { backupStartMs: 1, snapshotMs: 1, backupMs: 5 };
/** Newer than any store here, so that its first backup is due at once. */
const NEWER_MS = 60_000;
const WITHIN_MS = 30_000;
const nameOf = (project: string): string => `secret-name-of-${project}`;
const idOf = (region: Region, project: string): string =>
  region.projects().find(({ name }) => name === project)?.id ?? '';

function prepare(region: Region): void {
  for (const projectName of ['demo', 'alt']) {
    region.createInstance({ projectName, name: nameOf(projectName), createdUtc: Date.now() + NEWER_MS });
  }
  region.grant(region.createUser({ name: 'boss', password: 'boss' }).id, 'admin', idOf(region, 'demo'));
}

interface RunRow {
  readonly id: string;
  readonly instance_id: string;
  readonly backup_id: string | null;
}

/** Once its instance has a backup that the service made. */
async function belongings({ ask, get, region }: Daemon, project: string, token: string): Promise<Belongings> {
  const look = async () => {
    const { body } = await get('/v1/runs', { 'x-auth-token': token });
    return (body as { readonly runs: readonly RunRow[] }).runs.find((run) => run.backup_id !== null);
  };
  let found = await look();
  for (const endMs = performance.now() + WITHIN_MS; !found && performance.now() < endMs; found = await look()) {
    await delay(50);
  }
  if (!found) throw new Error(`project ${project} has no backup within ${WITHIN_MS} ms`);
  const { id: runId, instance_id: instanceId, backup_id: backupId } = found as RunRow & { readonly backup_id: string };
  const headers = { 'x-auth-token': token, 'content-type': 'application/json' };
  const made = await ask('POST', '/v1/policies', headers, JSON.stringify(policy(`secret-policy-of-${project}`)));
  if (made.status >= 300) throw new Error(`no policy: ${made.status} ${made.text}`);
  const { id: policyId } = (made.body as { readonly policy: { readonly id: string } }).policy;
  const ids = { projectId: idOf(region, project), instanceId, backupId, runId, policyId };
  return { ...ids, secrets: [...Object.values(ids), nameOf(project)] };
}

/** A whole daemon over two projects, each with an instance, a run and a backup. */
export async function openTwoProjects(): Promise<TwoProjects> {
  const rates = { project_per_minute: 100_000, project_at_once: 1_000, guesses_per_minute: 100_000 };
  const faults: unknown[] = [];
  const error: Log['error'] = (event, facts) => void faults.push({ event, ...facts });
  const daemon = await openDaemon({
    mode: 'enforce',
    timings: TIMINGS,
    http: { rates },
    log: { ...silent, error },
    prepare,
  });
  const { token, region } = daemon;
  const [revoked, expired] = [await token('demo', 'demo'), await token('demo', 'demo')];
  const revoking = { method: 'DELETE', headers: { 'X-Auth-Token': revoked, 'X-Subject-Token': revoked } };
  await region.fetch(`${region.authUrl}/auth/tokens`, revoking);
  region.intercept(async (request, next) => {
    const response = await next(request);
    if (request.headers.get('x-subject-token') !== expired) return response;
    const text = await response.text();
    return new Response(text.replace(/"expires_at":"[^"]+"/, `"expires_at":"${new Date(0).toISOString()}"`), response);
  });
  const tokens = {
    reader: await token('reader', 'demo'),
    member: await token('demo', 'demo'),
    boss: await token('boss', 'demo'),
    other: await token('alt', 'alt'),
    admin: await token('admin', 'admin', 'secret'),
    system: await token('admin', { system: true }, 'secret'),
    revoked,
    expired,
  };
  const [demo, alt] = [await belongings(daemon, 'demo', tokens.member), await belongings(daemon, 'alt', tokens.other)];
  return { daemon, demo, alt, tokens, faults };
}
