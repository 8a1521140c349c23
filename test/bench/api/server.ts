// The process that is asked: the web service over a large store with its intake, and beside it, in the same loop and after
// the same commits, a bare fastify that returns the same bytes. Told by messages what to do.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import fastify from 'fastify';
import { createHub } from '../../../daemon/http/events/hub.ts';
import { instanceRoutes } from '../../../daemon/http/routes/instances.ts';
import { overviewRoutes } from '../../../daemon/http/routes/overview.ts';
import { sharing } from '../../../daemon/http/sharing.ts';
import { readMessage } from '../../../daemon/intake/message.ts';
import type { Note } from '../../../daemon/ports/notes.ts';
import type { ShownSchedule } from '../../../daemon/ports/schedules.ts';
import { readsOf } from '../../../daemon/wiring/reads.ts';
import { because, TENANT_MAY } from '../../../lib/core/index.ts';
import { HOUR } from '../../core/builders.ts';
import { labApi } from '../../http/api/lab.ts';
import { openAsDaemon } from '../daemon-store.ts';
import { DAILY } from '../fill.ts';

const [path = '', project = ''] = process.argv.slice(2);
const MESSAGES_A_SECOND = 1_000;
const BATCHES_A_SECOND = 100;

const { store, close } = openAsDaemon(path, Date.now());
const stored = readsOf(path);
const events = createHub();
const clock = { nowUtc: () => Date.now(), monotonicMs: () => performance.now() };
const reads = sharing(stored, events, clock);
/** A daily backup of each of its 10,000 instances is one in nine seconds, told some five times on its way. */
const CHANGES_A_SECOND = 1;
const rows = new Database(path, { readonly: true });
const ids = rows.prepare<[string], string>('SELECT instance_id FROM listing WHERE project_id = ?').pluck().all(project);
rows.close();
let changes = 0;
const changing = setInterval(
  () => events.tell({ kind: 'run', projectId: project, instanceId: ids[(changes++ * 997) % ids.length] ?? null }),
  1_000 / CHANGES_A_SECOND,
);
/** The schedule comes from the engine, which is none of this bench's; it is written out all the same. */
const operator = { layer: 'operator', policy: DAILY.name } as const;
const shown: ShownSchedule = {
  ...{ instanceId: 'any', projectId: project, enabled: true, saysEnabled: true, policy: DAILY, byQuota: [] },
  ...{ sources: { every: operator, window: operator, zone: operator, keep: operator }, overrides: {}, pause: null },
  ...{ tenantMay: TENANT_MAY, nextSlotUtc: Date.now() + HOUR, revision: 1 },
  because: [because('policy-selects', { policy: DAILY.name })],
};
const deps = {
  reads,
  clock,
  health: () => [],
  projectNames: async () => new Map<string, string>(),
  schedules: { show: async () => shown },
};
const api = labApi(instanceRoutes(deps), overviewRoutes(deps));
const token = `reader@${project}`;
const bare = fastify();
const known = new Map<string, Buffer>();
bare.get('/*', (request, reply) => reply.type('application/json; charset=utf-8').send(known.get(request.url)));

/** Captured bodies are read anew for each, and noted durably, some in one commit, as the consumer does it. */
const bodies = readFileSync(new URL('../../fixtures/captures/notifications.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => Buffer.from((JSON.parse(line) as { body: string }).body));
let taken = 0;
let sinceMs = performance.now();
function takeIn(): void {
  const due = Math.floor(((performance.now() - sinceMs) * MESSAGES_A_SECOND) / 1_000) - taken;
  const notes: Note[] = [];
  for (let n = 0; n < due; n++) {
    const body = bodies[taken++ % bodies.length] ?? Buffer.alloc(0);
    const reading = readMessage(body);
    const instanceId = reading.kind === 'note' ? reading.note.instanceId : 'none';
    notes.push({ instanceId: `${instanceId}-${taken % 2_000}`, projectId: project });
  }
  if (notes.length > 0) void store.notes.note(notes);
}
const timer = setInterval(takeIn, 1_000 / BATCHES_A_SECOND);

const delay = monitorEventLoopDelay({ resolution: 1 });
async function learn(urls: readonly string[]): Promise<void> {
  for (const url of urls) known.set(url, (await api.inject({ url, headers: { 'x-auth-token': token } })).rawPayload);
}

type Order = { readonly learn: readonly string[] } | 'watch' | 'tell' | 'stop';
process.on('message', async (order: Order) => {
  if (typeof order === 'object') await learn(order.learn);
  if (order === 'watch') {
    delay.reset();
    delay.enable();
    taken = 0;
    sinceMs = performance.now();
  }
  if (order === 'stop') {
    clearInterval(timer);
    clearInterval(changing);
    await api.close();
    await bare.close();
    reads.close();
    stored.close();
    await close();
    process.disconnect();
    return;
  }
  const perSecond = (taken * 1_000) / (performance.now() - sinceMs);
  process.send?.({ stallMs: delay.max / 1e6, perSecond });
});
const ours = await api.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ ours, bare: await bare.listen({ host: '127.0.0.1', port: 0 }) });
