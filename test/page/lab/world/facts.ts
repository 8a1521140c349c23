import { viewReason } from '../../../../daemon/http/api/view.ts';
import type { BackupView } from '../../../../daemon/http/contract/backup.ts';
import type { ReasonView } from '../../../../daemon/http/contract/common.ts';
import type { InstanceDetail } from '../../../../daemon/http/contract/instance.ts';
import type { PolicyView } from '../../../../daemon/http/contract/policy.ts';
import type { RunView } from '../../../../daemon/http/contract/run.ts';
import type { ScheduleView } from '../../../../daemon/http/contract/schedule.ts';
import type { Period } from '../../../../lib/core/keep.ts';
import type { Reason, RuleName, Rules } from '../../../../lib/core/reason.ts';
import { backup } from './backups.ts';
import { schedule, VALUES } from './schedule.ts';

const DAY = 86_400_000;
/** In English; who asks in another language gets it in that. */
export const reason = <R extends RuleName>(rule: R, params: Rules[R]): ReasonView =>
  viewReason({ rule, params } as Reason, 'en');
const within = reason('kept-within', { withinMs: 7 * DAY });
const period = (name: Period, day: string, place: number, count: number) =>
  reason('kept-period', { period: name, startDay: Date.parse(day) / DAY, place, count });

/** Chains of each kind: branches, others' backups, held, marked, running, failed. */
export function backupsAt(now: number): readonly BackupView[] {
  const slot = (daysAgo: number): string => new Date(now - daysAgo * DAY).toISOString();
  const iso = (at: number): string => new Date(at).toISOString();
  const goes = {
    marked_at: iso(now - DAY),
    goes_at: iso(now + 1.5 * DAY),
    because: reason('unwanted', {}),
  };
  const week = (n: number, from: number, size: number, because: readonly ReasonView[]): BackupView[] =>
    Array.from({ length: size }, (_, i) =>
      backup(`w${n}-${i}`, slot(from - i), {
        name: `auto-shop-db-${slot(from - i).slice(0, 10)}-${i === 0 ? 'full' : 'inc'}`,
        parent_id: i === 0 ? null : `w${n}-${i - 1}`,
        kind: i === 0 ? 'full' : 'incremental',
        run_id: `run-w${n}-${i}`,
        because: [...because],
      }),
    );
  const old = week(1, 21.3, 4, []).map(
    (it): BackupView => ({ ...it, fate: 'removable', mark: goes, because: [goes.because] }),
  );
  const second = week(2, 14.3, 7, [within]).map((it, i): BackupView => {
    if (i === 0)
      return {
        ...it,
        because: [period('monthly', '2026-11-01', 1, 12), period('weekly', '2026-11-16', 2, 4)],
      };
    if (i === 3)
      return {
        ...it,
        hold: { owner: 'linh', note: 'before the migration', until_at: null },
        because: [reason('kept-held', { owner: 'linh', note: 'before the migration', untilUtc: null })],
      };
    return i > 3
      ? { ...it, fate: 'removable', because: [reason('unwanted', {})] }
      : { ...it, because: [reason('kept-ancestor', { of: 'w2-3' })] };
  });
  const third = week(3, 7.3, 7, [within, period('daily', '2026-11-23', 1, 7)]);
  return [
    ...old,
    ...second,
    backup('branch', slot(9.9), {
      name: 'manual-on-auto',
      origin: 'on_demand',
      parent_id: 'w2-2',
      because: [reason('kept-on-demand', {})],
    }),
    backup('foreign-full', slot(12), { name: 'before-upgrade', origin: 'foreign', fate: null }),
    backup('foreign-inc', slot(10.5), {
      name: 'after-upgrade',
      origin: 'foreign',
      fate: null,
      parent_id: 'foreign-full',
    }),
    backup('foreign-alone', slot(3.1), { name: 'nightly-by-hand', origin: 'foreign', fate: null }),
    ...third,
    backup('failed', slot(2.6), {
      name: 'auto-shop-db-failed',
      status: 'FAILED',
      is_recovery_point: false,
      because: [reason('kept-failed', {})],
    }),
    backup('running', slot(0.01), {
      name: 'auto-shop-db-running',
      status: 'BUILDING',
      is_recovery_point: false,
      size_gb: null,
      because: [reason('kept-running', { status: 'BUILDING' })],
    }),
  ].toSorted((a, b) => Date.parse(a.as_of_at) - Date.parse(b.as_of_at));
}

export function runsAt(now: number): readonly RunView[] {
  return Array.from({ length: 45 }, (_, n): RunView => {
    const slot = now - (n + 0.3) * DAY;
    const failed = n % 11 === 4;
    return {
      id: `run-${n}`,
      instance_id: 'i1',
      project_id: 'p-demo',
      origin: n % 9 === 3 ? 'on_demand' : 'scheduled',
      slot_at: new Date(slot).toISOString(),
      state: failed ? 'failed' : n % 13 === 6 ? 'missed' : 'completed',
      because: failed
        ? reason('backup-failed', { status: 'FAILED' })
        : n % 13 === 6
          ? reason('missed', {})
          : reason('backup-completed', {}),
      kind: n % 7 === 0 ? 'full' : 'incremental',
      kind_because: reason('continues-chain', { parent: 'b-3', length: 3, max: 6 }),
      backup_id: `b-${n}`,
      parent_id: null,
      asked_at: new Date(slot + 60_000).toISOString(),
      ended_at: new Date(slot + 420_000).toISOString(),
      requested_by: n % 9 === 3 ? 'linh' : null,
      note: n % 9 === 3 ? 'before the release' : null,
      keep: null,
    };
  });
}

export const scheduleAt = (now: number): ScheduleView =>
  schedule({
    sources: {
      every: { layer: 'operator', policy: 'standard' },
      window: { layer: 'instance', policy: null },
      zone: { layer: 'project', policy: 'shop' },
      keep: { layer: 'operator', policy: 'standard' },
    },
    overrides: { window: '22:00-06:00' },
    next_slot_at: new Date(now + 0.6 * DAY).toISOString(),
    because: [reason('policy-selects', { policy: 'standard' })],
  });

export function detailAt(now: number, more: Partial<InstanceDetail> = {}): InstanceDetail {
  return {
    id: 'i1',
    project_id: 'p-demo',
    name: 'shop-db',
    datastore: { type: 'mysql', version: '8.0' },
    status: 'ACTIVE',
    created_at: new Date(now - 40 * DAY).toISOString(),
    gone_at: null,
    replica_of: null,
    cluster_id: null,
    protection: {
      state: 'protected',
      because: reason('recent-point', { pointUtc: now - 1.3 * DAY }),
    },
    policy: 'standard',
    next_slot_at: new Date(now + 0.6 * DAY).toISOString(),
    newest_point_at: new Date(now - 1.3 * DAY).toISOString(),
    newest_point_age: 'P1DT7H',
    last_run: null,
    schedule: scheduleAt(now),
    chains: [],
    quota: { limit: 50, short: null, adapted: [], refused: null },
    holds: 1,
    marked: 4,
    links: [],
    ...more,
  };
}

export function policiesAt(): readonly PolicyView[] {
  return [
    {
      id: 'pol-1',
      name: 'shop',
      layer: 'project',
      project_id: 'p-demo',
      select: { names: ['shop-*'], datastores: ['mysql'] },
      values: null,
      overrides: { zone: 'Asia/Ho_Chi_Minh', keep: { within: 'P7D', weekly: 4 } },
      tenant_may: null,
      instances: 2,
      lint: [
        {
          level: 'hint',
          field: 'keep',
          message: 'weekly: 4 keeps more than the quota may hold',
          hint: 'look at the forecast',
        },
      ],
    },
    {
      id: 'operator:standard',
      name: 'standard',
      layer: 'operator',
      project_id: null,
      select: { names: [], datastores: [] },
      values: VALUES,
      overrides: null,
      tenant_may: { window: true, zone: true, every: 'PT6H', keep: 'P3D', opt_out: true, pause: 'P7D' },
      instances: 12,
      lint: [],
    },
  ];
}
