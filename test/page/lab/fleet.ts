import { viewDuration, viewInstant, viewReason } from '../../../daemon/http/api/view.ts';
import type { ReasonView } from '../../../daemon/http/contract/common.ts';
import type { InstanceRow } from '../../../daemon/http/contract/instance.ts';
import { because, type Language, type Reason } from '../../../lib/core/index.ts';
import { idOf, random } from './random.ts';

export const NOW_UTC = Date.UTC(2026, 10, 30, 9, 0, 0);
export const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type State = InstanceRow['protection']['state'];
/** A row without the sentence, which depends on who asks. */
export interface Instance extends Omit<InstanceRow, 'protection'> {
  readonly state: State;
  readonly why: Reason;
}

const NAMES = ['orders', 'billing', 'catalog', 'sessions', 'ledger', 'search', 'inventory', 'khách-hàng', 'metrics'];
const DATASTORES = [
  { type: 'mysql', version: '8.4' },
  { type: 'mariadb', version: '11.4' },
  { type: 'postgresql', version: '16' },
] as const;

export const PROJECTS = [
  { id: 'p-demo', name: 'demo' },
  { id: 'p-shop', name: 'shop' },
  { id: 'p-research', name: 'research-and-development-of-payments' },
] as const;

const QUOTA = because('quota', { inUse: 49, limit: 50, reserve: 1, ask: 64 });
const WHY: Readonly<Record<State, readonly Reason[]>> = {
  protected: [because('recent-point', { pointUtc: NOW_UTC - 9 * HOUR })],
  late: [QUOTA, because('missed', {}), because('storage-away', { detail: 'Swift account not accessible' })],
  unprotected: [
    because('no-role', { project: 'p-demo' }),
    because('backing-off', { failures: 3, untilUtc: NOW_UTC + 5 * HOUR }),
    because('point-vanished', { slotUtc: NOW_UTC - 30 * HOUR }),
  ],
  paused: [because('paused', { owner: 'demo', note: 'migration', untilUtc: NOW_UTC + 2 * DAY })],
  excluded: [because('replica', { master: 'orders-0001' })],
};

/** As in a region that is well. */
const WELL = 0.97;

function stateOf(dice: number, well: number): State {
  if (dice < well) return 'protected';
  const rest = (dice - well) / (1 - well);
  if (rest < 0.34) return 'excluded';
  if (rest < 0.5) return 'paused';
  return rest < 0.8 ? 'late' : 'unprotected';
}

const AGES: Readonly<Record<State, (dice: number) => number | null>> = {
  protected: (dice) => 1 + dice * 22,
  late: (dice) => 37 + dice * 60,
  unprotected: () => null,
  paused: (dice) => 24 + dice * 200,
  excluded: () => null,
};

function instanceOf(n: number, dice: () => number, projectId: string, well: number): Instance {
  const state = stateOf(dice(), well);
  const datastore = DATASTORES[Math.floor(dice() * 3)] ?? DATASTORES[0];
  const age = AGES[state](dice());
  const whys = WHY[state];
  const isIn = state !== 'excluded';
  const failed = state === 'late' || state === 'unprotected';
  const slotUtc = NOW_UTC - 11 * HOUR + Math.floor(dice() * 6 * HOUR);
  return {
    id: idOf('i', n),
    project_id: projectId,
    name: `${NAMES[n % NAMES.length]}-${String(n).padStart(4, '0')}`,
    datastore,
    status: state === 'unprotected' && dice() < 0.3 ? 'ERROR' : 'ACTIVE',
    created_at: viewInstant(NOW_UTC - (40 + Math.floor(dice() * 300)) * DAY),
    gone_at: null,
    replica_of: isIn ? null : idOf('i', 1),
    cluster_id: null,
    state,
    why: whys[Math.floor(dice() * whys.length)] ?? because('no-policy', {}),
    policy: isIn ? (dice() < 0.8 ? 'daily' : 'six-hourly') : null,
    next_slot_at: isIn ? viewInstant(NOW_UTC + Math.floor(13 * HOUR + dice() * 6 * HOUR)) : null,
    newest_point_at: age === null ? null : viewInstant(NOW_UTC - Math.floor(age * HOUR)),
    newest_point_age: age === null ? null : viewDuration(Math.floor(age * HOUR)),
    last_run: isIn ? { id: idOf('r', n), slot_at: viewInstant(slotUtc), state: failed ? 'failed' : 'completed' } : null,
  };
}

/** `count` of them in the project `demo`, of which a share is protected, and a few in others. */
export function createFleet(count: number, well = WELL): Instance[] {
  const dice = random(7);
  return Array.from({ length: count + 60 }, (_, i) => {
    const project = i < count ? PROJECTS[0] : (PROJECTS[1 + (i % 2)] ?? PROJECTS[1]);
    return instanceOf(i + 1, dice, project.id, well);
  });
}

export function viewOf({ state, why, ...row }: Instance, language: Language): InstanceRow {
  return { ...row, protection: { state, because: tell(why, language) } };
}

export const tell = (reason: Reason, language: Language): ReasonView => viewReason(reason, language);
