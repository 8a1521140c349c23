import { viewReason } from '../../../../../daemon/http/api/view.ts';
import type * as schedules from '../../../../../daemon/http/contract/schedule.ts';
import { viewLint } from '../../../../../daemon/http/views/preview.ts';
import { because, type Language } from '../../../../../lib/core/index.ts';
import { reason } from '../facts.ts';
import type { World } from '../world.ts';

const DAY = 86_400_000;
const OUTLASTS = because('chain-outlasts', { withinMs: 3 * DAY, chainMs: 7 * DAY });

export function slotsOf(world: World, schedule: schedules.ScheduleView): readonly schedules.SlotToCome[] {
  const zone = schedule.values.zone ?? 'UTC';
  return Array.from({ length: 10 }, (_, n) => {
    const at = new Date(world.now + (n + 0.6) * DAY);
    return {
      at: at.toISOString(),
      local: at.toISOString().slice(0, 16).replace('T', ' '),
      zone,
      kind: n % 7 === 0 ? 'full' : 'incremental',
      because: null,
      notes: n === 4 ? [reason('slot-doubled-time', { local: '02:30', zone })] : [],
    };
  });
}

function forecastOf(world: World, most: number): schedules.ForecastView {
  return {
    peak_backups: most,
    peak_at: new Date(world.now + 60 * DAY).toISOString(),
    storage_bytes: 42_000_000_000,
    starts_a_minute: 1,
    worst_age: 'P1DT8H',
    longest_chain: 7,
    course: Array.from({ length: 91 }, (_, day) => ({
      at: new Date(world.now + day * DAY).toISOString(),
      backups: Math.min(most, 18 + Math.floor(day / 1.5) + (day % 7)),
    })),
  };
}

const LESS = {
  adapt: [because('adapted-chains', { from: 6, to: 0 }), because('adapted-interval', { fromMs: DAY, toMs: 2 * DAY })],
  refuse: [],
  tell: [],
} as const;

/** As if a quota of 50 did not hold 62. */
function shortageOf(world: World, wanted: schedules.PolicyValues, language: Language): schedules.ShortageView | null {
  const { shortage: does } = world;
  if (does === null) return null;
  const less = LESS[does].map((one) => viewReason(one, language));
  return {
    on_shortage: does,
    because: viewReason(because('quota-short', { ours: 62, others: 3, limit: 50, reserve: 1, ask: 66 }), language),
    ask: 66,
    fits: does !== 'tell',
    adapted: less.length === 0 ? [] : [{ instances: 12, wanted, because: less }],
    others_adapted: does === 'adapt' ? 5 : 0,
    refused: does === 'refuse' ? 4 : 0,
    wanted: does === 'tell' ? null : forecastOf(world, 62),
    instances: world.reckoned,
  };
}

/** As if a stricter keep let the oldest go. */
export function previewOf(
  world: World,
  schedule: schedules.ScheduleView,
  keep: boolean,
  language: Language,
): schedules.Preview {
  const goes = world.backups.filter(({ origin }) => origin === 'scheduled').slice(4, 7);
  return {
    schedule,
    changes: [],
    instances: world.reckoned,
    deletions_total: keep ? goes.length : 0,
    kept_total: 0,
    next_slots: [...slotsOf(world, schedule)],
    deletions: keep
      ? goes.map(({ id, name, as_of_at }) => ({
          backup_id: id,
          name,
          as_of_at,
          goes_at: new Date(world.now + DAY).toISOString(),
          because: reason('unwanted', {}),
        }))
      : [],
    kept: [],
    forecast: forecastOf(world, world.shortage === 'adapt' || world.shortage === 'refuse' ? 46 : 62),
    shortage: shortageOf(world, schedule.values, language),
    lint: keep ? [viewLint({ level: 'hint', field: 'keep', because: OUTLASTS }, language)] : [],
  };
}
