import type { ApiError } from '../../../../daemon/http/api/error.ts';
import type { BackupView, ChainView } from '../../../../daemon/http/contract/backup.ts';
import type { ReasonView } from '../../../../daemon/http/contract/common.ts';
import type { InstanceDetail } from '../../../../daemon/http/contract/instance.ts';
import type { EventView } from '../../../../daemon/http/contract/overview.ts';
import type { PolicyView } from '../../../../daemon/http/contract/policy.ts';
import type { RunView } from '../../../../daemon/http/contract/run.ts';
import type { Preview, ScheduleView, ShortageView } from '../../../../daemon/http/contract/schedule.ts';
import { NOW_UTC } from '../fleet.ts';
import { chainsOf } from './backups.ts';
import { backupsAt, detailAt, policiesAt, runsAt, scheduleAt } from './facts.ts';

/** What the service knows, and what it was asked to do; it tells the page of each change. */
export class World {
  readonly now: number;
  readonly asked: { readonly what: string; readonly body: unknown }[] = [];
  backups: readonly BackupView[];
  instances: readonly InstanceDetail[];
  runs: readonly RunView[];
  schedule: ScheduleView;
  policies: readonly PolicyView[] = policiesAt();
  networks: { id: string; name: string }[] | null = [{ id: 'n1', name: 'databases' }];
  etag = '"1"';
  /** With what a change is refused; null: it is not. */
  refusal: ApiError | null = null;
  /** Of how many instances a preview is. */
  reckoned: Preview['instances'] = { total: 12, looked_at: 12 };
  /** What a preview says is done where the quota is too small; null: it is not. */
  shortage: ShortageView['on_shortage'] | null = null;
  /** Why nothing is deleted now. */
  untended: ReasonView | null = null;
  unreadable = 0;
  tellPage: (event: EventView) => void = () => {};

  constructor(now = NOW_UTC) {
    this.now = now;
    this.backups = backupsAt(now);
    this.instances = [detailAt(now)];
    this.runs = runsAt(now);
    this.schedule = scheduleAt(now);
  }

  chains(): readonly ChainView[] {
    return chainsOf(this.backups);
  }
  note(what: string, body: unknown): void {
    this.asked.push({ what, body });
  }
  all(what: string): readonly unknown[] {
    return this.asked.filter((it) => it.what === what).map(({ body }) => body);
  }
  tell(kind: EventView['kind']): void {
    const event = {
      kind,
      at: new Date().toISOString(),
      project_id: 'p-demo',
      instance_id: kind === 'policy' ? null : 'i1',
    };
    this.tellPage(event);
  }
  setSchedule(schedule: ScheduleView): void {
    this.schedule = schedule;
    this.etag = `"${Number(this.etag.replaceAll('"', '')) + 1}"`;
    this.tell('schedule');
  }
  setBackup(backup: BackupView): void {
    this.backups = this.backups.map((it) => (it.id === backup.id ? backup : it));
    this.tell('backup');
  }
  removeBackup(id: string): void {
    this.backups = this.backups.filter((it) => it.id !== id && it.parent_id !== id);
    this.tell('backup');
  }
  startRun(note: string): RunView {
    const [like] = this.runs;
    if (!like) throw new Error('no run to make one like it');
    const run: RunView = {
      ...like,
      id: 'run-now',
      origin: 'on_demand',
      state: 'claimed',
      because: null,
      slot_at: new Date(this.now).toISOString(),
      ended_at: null,
      note,
    };
    this.runs = [run, ...this.runs.filter(({ id }) => id !== run.id)];
    return run;
  }
  setRun(id: string, change: Partial<RunView>): RunView {
    const before = this.runs.find((run) => run.id === id);
    if (!before) throw new Error(`no run ${id}`);
    const run = { ...before, ...change };
    this.runs = this.runs.map((it) => (it.id === id ? run : it));
    this.tell('run');
    return run;
  }
  startRestore(name: string): void {
    this.instances = [...this.instances, detailAt(this.now, { id: 'i-new', name, status: 'BUILD' })];
  }
  setStatus(id: string, status: string): void {
    this.instances = this.instances.map((it) => (it.id === id ? { ...it, status } : it));
  }
  setPolicy(policy: PolicyView): PolicyView {
    this.policies = [policy, ...this.policies.filter(({ id }) => id !== policy.id)];
    return policy;
  }
  /** By somebody else, of whom the page is not told. */
  changePolicy(policy: PolicyView): void {
    this.setPolicy(policy);
    this.etag = `"${Number(this.etag.replaceAll('"', '')) + 1}"`;
  }
  removePolicy(id: string): void {
    this.policies = this.policies.filter((it) => it.id !== id);
  }
}
