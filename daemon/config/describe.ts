import {
  type Cadence,
  cadenceZone,
  duration,
  type Freeze,
  frozen,
  type Instant,
  nextSlot,
  type Policy,
  type Selector,
  type Window,
} from '../../lib/core/index.ts';
import type { Config } from './schema.ts';

const SLOTS = 3;

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const between = ({ startMinute, endMinute }: Window, zone: string): string =>
  `between ${clock(startMinute)} and ${clock(endMinute)}, ${zone}`;
const upTo = (spreadMs: number): string => (spreadMs === 0 ? '' : `, up to ${duration(spreadMs)} later`);

function often(cadence: Cadence): string {
  switch (cadence.kind) {
    case 'elapsed': {
      const { everyMs, within } = cadence;
      return `every ${duration(everyMs)}, ${within ? between(within.window, within.zone) : 'around the clock'}`;
    }
    case 'calendar':
      return `once a ${cadence.unit}, ${between(cadence.window, cadence.zone)}`;
    case 'cron':
      return `at the times of cron "${cadence.cron}", ${cadence.zone}${upTo(cadence.spreadMs)}`;
    case 'rrule':
      return `at the times of ${cadence.rrule}, ${cadence.zone}${upTo(cadence.spreadMs)}`;
    case 'stretched':
      return `${often(cadence.of)}, one in ${cadence.by}`;
  }
}

function fulls({ fullEveryMs, fullOn, maxIncrementals }: Policy): string {
  if (maxIncrementals === 0) return 'each of them full';
  const weekday = fullOn === 'spread' ? ' and on a weekday of its own' : fullOn ? ` and on ${fullOn}` : '';
  return `full every ${duration(fullEveryMs)}${weekday}, with at most ${maxIncrementals} incrementals in between`;
}

/** What differs from how everyone else's slots are made up for. */
function madeUp({ catchUp }: Policy): readonly string[] {
  if (catchUp === undefined || catchUp === 'window') return [];
  const when = catchUp === 'now' ? 'at once' : 'as soon as the instance is late';
  return [`  what had no start in its window is made up for outside of it ${when}`];
}

function selected({ projects, datastores, names }: Selector): string | null {
  const lists = Object.entries({ projects, datastores, names }).filter(([, list]) => list.length > 0);
  return lists.length === 0 ? null : lists.map(([what, list]) => `${what} ${list.join(', ')}`).join('; ');
}

function local(instant: Instant, timeZone: string): string {
  const form = { weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const parts = new Intl.DateTimeFormat('en-GB', { ...form, ...time }).formatToParts(instant);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/** What differs from what everyone else's users may change. */
function ofUsers({ tenantMay }: Policy): readonly string[] {
  if (!tenantMay) return [];
  const { window, zone, every, keep, optOut, pause } = tenantMay;
  const may = [
    ...(window ? ['the window'] : []),
    ...(zone ? ['the zone'] : []),
    ...(every === null ? [] : [`the interval from ${duration(every)} on`]),
    ...(keep === null ? [] : [`what is kept from ${duration(keep)} on`]),
    ...(optOut ? ['to opt out'] : []),
    ...(pause === null ? [] : [`a pause of up to ${duration(pause)}`]),
  ];
  return [`  its users may choose ${may.join(', ') || 'nothing'}`];
}

/** Each instance has slots of its own; these are those of one. */
function slots(cadence: Cadence, freezes: readonly Freeze[], nowUtc: Instant): readonly string[] {
  const zone = cadenceZone(cadence);
  const lines: string[] = [];
  for (let slot = nowUtc; lines.length < SLOTS; ) {
    slot = nextSlot(cadence, 'example', slot);
    const ice = frozen(freezes, zone, [slot]);
    lines.push(`    ${local(slot, zone)} ${zone}${ice ? `, but frozen: ${ice.params.reason}` : ''}`);
  }
  return lines;
}

function describePolicy(policy: Policy, freezes: readonly Freeze[], nowUtc: Instant): readonly string[] {
  const { name, select, cadence, firstWithinMs } = policy;
  return [
    `${name}: for ${selected(select) ?? 'every instance that no policy before it takes'}`,
    `  backed up ${often(cadence)}; ${fulls(policy)}`,
    ...madeUp(policy),
    ...ofUsers(policy),
    `  a new instance within ${duration(firstWithinMs)}; then for example, each instance having its own times,`,
    ...slots(cadence, freezes, nowUtc),
  ];
}

/** What a configuration means, in words and by the next slots of each policy; nothing of its secrets. */
export function describe({ mode, policies, exclude, freeze }: Config, nowUtc: Instant): string {
  const without = selected(exclude);
  return [
    `mode: ${mode}${mode === 'observe' ? ', no backup is made or deleted' : ''}`,
    ...(without === null ? [] : [`excluded: ${without}`]),
    ...policies.flatMap((policy) => describePolicy(policy, freeze, nowUtc)),
    '',
  ].join('\n');
}
