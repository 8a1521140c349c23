import { afterEach, beforeEach } from 'vitest';
import type { Api } from '../../../daemon/http/api/server.ts';
import { scheduleRoutes } from '../../../daemon/http/routes/schedule.ts';
import { slotRoutes } from '../../../daemon/http/routes/slots.ts';
import type {
  Foresight,
  NoSchedule,
  Refusal,
  ScheduleChange,
  SchedulesPort,
  ShownSchedule,
} from '../../../daemon/ports/schedules.ts';
import { because, type Source, TENANT_MAY } from '../../../lib/core/index.ts';
import { at, DAY, daily, HOUR, policy } from '../../core/builders.ts';
import { labApi } from '../api/lab.ts';
import { type AuditLab, auditLab } from './audit-lab.ts';

const source: Source = { layer: 'operator', policy: 'daily' };
export const SHOWN: ShownSchedule = {
  ...{ instanceId: 'db-1', projectId: 'p1', enabled: true, saysEnabled: true, policy: policy() },
  ...{ sources: { every: source, window: source, zone: source, keep: source }, byQuota: [] },
  ...{ overrides: { zone: 'UTC', keep: { withinMs: 4 * DAY } }, tenantMay: TENANT_MAY, pause: null },
  ...{ nextSlotUtc: at('2026-11-30 22:00'), because: [], revision: 3 },
};
const fate = { name: 'auto', asOfUtc: at('2026-11-20 22:00'), because: because('unwanted', {}) };
const FORESIGHT: Foresight = {
  instances: { total: 1, lookedAt: 1 },
  slots: [
    {
      ...{ slotUtc: at('2026-11-30 22:00'), local: '2026-11-30 22:00:00', zone: 'UTC', kind: 'full' },
      ...{ because: because('no-chain', {}), notes: [because('slot-out-of-turn', {})] },
    },
  ],
  deletions: [{ ...fate, backupId: 'b-1', goesUtc: at('2026-12-01 00:00') }],
  kept: [{ ...fate, backupId: 'b-2', goesUtc: null }],
  forecast: {
    ...{ peak: { value: 9, atUtc: at('2026-12-09 00:00') }, startsAMinute: 1, worstAgeMs: 26 * HOUR, longestChain: 6 },
    days: [{ value: 2, atUtc: at('2026-11-30 00:00') }],
  },
  shortage: null,
  lint: [{ level: 'warning', field: 'select', because: because('selects-nothing', {}) }],
};

interface Ask {
  readonly token?: string;
  readonly body?: object;
  readonly query?: string;
  readonly ifMatch?: string;
}

/** What the engine says of the schedule of `db-1` in the project `p1`, and what it was asked for. */
export interface ScheduleLab {
  shown: ShownSchedule | NoSchedule;
  answer: ShownSchedule | NoSchedule | Refusal;
  slots: Awaited<ReturnType<SchedulesPort['slots']>>;
  asked: ScheduleChange[];
  audits: AuditLab;
  api: Api;
}

function openLab(): ScheduleLab {
  const lab: Omit<ScheduleLab, 'api'> = {
    shown: SHOWN,
    answer: { ...SHOWN, revision: 4 },
    slots: { kind: 'slots', projectId: 'p1', slots: FORESIGHT.slots },
    asked: [],
    audits: auditLab(),
  };
  const schedules: SchedulesPort = {
    show: async () => whole.shown,
    slots: async () => whole.slots,
    async change(change) {
      whole.asked.push(change);
      return whole.answer;
    },
    async preview(change) {
      whole.asked.push(change);
      if ('kind' in whole.answer) return whole.answer;
      const schedule = { ...whole.answer, policy: policy({ cadence: daily('UTC', 1, 5) }) };
      return { kind: 'preview', schedule, foresight: FORESIGHT };
    },
  };
  const deps = { schedules, ...lab.audits };
  const whole: ScheduleLab = { ...lab, api: labApi(scheduleRoutes(deps), slotRoutes(deps)) };
  return whole;
}

/** Of the test that runs. */
export let lab: ScheduleLab;

/** To be called at the top of a file: each of its tests has a lab of its own. */
export function scheduleLab(): void {
  beforeEach(() => {
    lab = openLab();
  });
  afterEach(() => lab.api.close());
}

export async function ask(
  method: 'GET' | 'PATCH' | 'DELETE',
  { token = 'member@p1', body, query = '', ifMatch }: Ask = {},
) {
  const headers = { 'x-auth-token': token, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
  const url = `/v1/instances/db-1/schedule${query}`;
  const found = await lab.api.inject({ method, url, headers, ...(body && { payload: body }) });
  return { status: found.statusCode, etag: found.headers['etag'], body: found.json() };
}

export const patch = (body: object, more: Ask = {}) => ask('PATCH', { body, ifMatch: '"3"', ...more });
