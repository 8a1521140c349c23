import { POLICIES } from './policies.ts';
import { DAY, HOUR, MINUTE, type Place, type Row, runs } from './region.ts';
import { WAYS } from './wire.ts';
import { PROJECTS, type World } from './world.ts';

/** What may happen: `pick` chooses whom to and how. Where there is nobody to do it to, nothing happens. */
type Act = (world: World, pick: number) => void;

const of = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];
const living = ({ region }: World): readonly Place[] => region.places.filter((place) => place.goneUtc === null);
const projectOf = (pick: number): string => PROJECTS[pick % PROJECTS.length] ?? PROJECTS[0];
const ours = ({ region }: World): readonly Row[] => region.rows.filter(({ origin }) => origin.kind === 'service');
const LAPSES = [10 * MINUTE, HOUR, 3 * HOUR, 7 * HOUR, DAY + HOUR] as const;
const SKEWS = [0, 0, 6 * MINUTE, -20 * MINUTE, 5 * HOUR, -3 * HOUR, 3 * DAY, -2 * DAY] as const;

function on(world: World, pick: number, change: (place: Place) => void): void {
  const place = of(living(world), pick);
  if (place) change(place);
}

function userMakes(world: World, pick: number, parent: Row | undefined, description: string | null): void {
  const place = of(living(world), pick);
  if (!place) return;
  const parentId = parent?.id ?? null;
  const order = { projectId: place.projectId, instanceId: place.id, description, parentId };
  world.region.create({ ...order, origin: { kind: 'user' } });
}

function otherServiceComes({ region }: World, place: Pick<Place, 'id' | 'projectId'> | undefined): void {
  const facts = 'run=11111111-1111-1111-1111-111111111111 slot=20261122T220000Z kind=full mac=0123456789abcdef';
  const description = `trove-autobackup/1 owner=ffffffff ${facts}`;
  const order = { projectId: place?.projectId ?? '', instanceId: place?.id ?? '', parentId: null, description };
  region.create({ ...order, origin: { kind: 'other-service' } });
}

function ambush(world: World, pick: number, { id, instanceId, projectId }: Row): void {
  const { region } = world;
  if (pick % 4 === 0) otherServiceComes(world, { id: instanceId ?? '', projectId });
  else if (pick % 4 === 1) region.build(projectId, { type: 'mysql', version: '8.0' }, region.utc + HOUR);
  else userMakes(world, pick >> 2, region.row(id), null);
}

export const DEEDS = {
  'time passes': ({ region }, pick) => region.pass(of(LAPSES, pick) ?? HOUR),
  'the service tends a project': (world, pick) => world.tend(projectOf(pick)),
  'the service reads a project': (world, pick) => world.follow(projectOf(pick)),
  'the service looks at the region': (world) => world.look(),
  'a day of rounds passes': (world, pick) => {
    for (let round = 0; round < 2 + (pick % 3); round++) {
      world.tick();
      world.region.pass(6 * HOUR);
    }
  },
  'the service is killed': () => undefined,
  'its store is lost': ({ service }) => service.loseStore(),
  'its clock is set': ({ service, laws, region }, pick) => {
    const before = service.skewMs;
    service.skewMs = of(SKEWS, pick) ?? 0;
    // One that was right again before anybody had looked was never wrong.
    const isRight = Math.abs(before) > 5 * MINUTE && service.skewMs === 0;
    if (isRight && service.wasWrong) laws.clockRightUtc = region.utc;
  },
  'a request goes astray': ({ wire }, pick) => {
    wire.nextPost = of(WAYS, pick) ?? 'pass';
    wire.lateMs = (of(LAPSES, pick >> 3) ?? HOUR) + MINUTE;
  },
  'a deletion goes astray': ({ wire }, pick) => {
    wire.nextDelete = of(WAYS, pick) ?? 'pass';
    wire.lateMs = (of(LAPSES, pick >> 3) ?? HOUR) + MINUTE;
  },
  'a project cannot be read': ({ region }, pick) => {
    const project = of([...PROJECTS, 'admin'], pick) ?? '';
    if (!region.unreadable.delete(project)) region.unreadable.add(project);
  },
  'a row cannot be read': ({ region }, pick) => {
    const row = of(region.rows, pick);
    if (region.odd.size > 0) region.odd.clear();
    else if (row) region.odd.add(row.id);
  },
  'the storage comes or goes': ({ region }) => {
    region.storageAway = !region.storageAway;
  },
  'another storage is used': ({ region }) => {
    region.cinder = !region.cinder;
  },
  'backups of an instance fail from now on, or no more': (world, pick) =>
    on(world, pick, (place) => {
      place.failing = !place.failing;
    }),
  'backups of an instance hang from now on, or no more': (world, pick) =>
    on(world, pick, (place) => {
      place.stuck = !place.stuck;
    }),
  'an operator fails what runs': ({ region }, pick) => {
    const row = of(region.rows.filter(runs), pick);
    if (row) Object.assign(row, { status: 'FAILED', endsUtc: Number.POSITIVE_INFINITY });
    region.pass(0);
  },
  'an instance is resized': (world, pick) =>
    on(world, pick, (place) => {
      place.busyUntilUtc = world.region.utc + (of(LAPSES, pick >> 2) ?? HOUR);
      world.region.pass(0);
    }),
  'an instance is upgraded': (world, pick) =>
    on(world, pick, (place) => {
      place.datastore = { ...place.datastore, version: `8.${pick % 3}` };
    }),
  'an instance is made': (world, pick) => {
    if (living(world).length >= 5) return;
    const type = pick % 4 === 0 ? 'postgresql' : 'mysql';
    const readyUtc = world.region.utc + (of([MINUTE, HOUR, 30 * HOUR], pick) ?? 0);
    world.region.build(projectOf(pick), { type, version: '8.0' }, readyUtc);
  },
  'an instance is deleted': (world, pick) => {
    if (living(world).length < 2) return;
    on(world, pick, (place) => world.region.leave(place));
  },
  'Trove forgets instances': (world, pick) => {
    for (const place of living(world).slice(0, 1 + (pick % 5))) {
      world.region.leave(place);
      place.forgotten = true;
    }
  },
  'Trove finds what it forgot': ({ region }) => {
    for (const place of region.places.filter(({ forgotten }) => forgotten)) {
      Object.assign(place, { goneUtc: null, forgotten: false });
    }
  },
  'lists lack an instance, or no more': (world, pick) =>
    on(world, pick, (place) => {
      place.unlisted = !place.unlisted;
    }),
  'a user makes a full': (world, pick) => userMakes(world, pick, undefined, null),
  'a user makes an incremental': (world, pick) => userMakes(world, pick, of(world.region.rows, pick >> 2), null),
  'a user makes an incremental on ours': (world, pick) => userMakes(world, pick, of(ours(world), pick >> 2), null),
  'a user makes an incremental on what is marked': (world, pick) => {
    const marked = world.region.rows.filter(({ id }) => world.service.store.marks.has(id));
    userMakes(world, pick, of(marked, pick >> 2), null);
  },
  'a day of rounds passes, and users make their own before each': (world, pick) => {
    for (let round = 0; round < 2 + (pick % 3); round++) {
      for (const [index] of living(world).entries()) userMakes(world, index, undefined, null);
      world.region.pass(2 * HOUR);
      world.tick();
      world.region.pass(4 * HOUR);
    }
  },
  'somebody comes right before a deletion': (world, pick) => {
    world.beforeLook = (victim) => ambush(world, pick, victim);
  },
  'a deletion hangs, and a user deletes what is newer': (world, pick) => {
    world.wire.nextDelete = pick % 2 === 0 ? 'swallowed' : 'late';
    world.wire.lateMs = DAY;
    world.afterSent = ({ instanceId, createdUtc }) => {
      const newer = world.region.rows.filter((row) => row.instanceId === instanceId && row.createdUtc > createdUtc);
      for (const { id } of newer) world.region.delete(id, 0);
    };
  },
  'minutes pass, and a user deletes each backup at once': (world, pick) => {
    const place = of(living(world), pick);
    for (let round = 0; round < 8; round++) {
      world.tick();
      const { rows } = world.region;
      if (round % 2 === 1) for (const row of rows) if (row.instanceId === place?.id) world.region.delete(row.id, 0);
      world.region.pass(11 * MINUTE);
    }
  },
  'a user copies our marker': (world, pick) => {
    const model = of(ours(world), pick >> 2);
    const parent = pick % 2 === 0 ? world.region.row(model?.parentId ?? null) : undefined;
    userMakes(world, pick, parent, model?.description ?? null);
  },
  'a user copies our marker onto the same': ({ region }, pick) => {
    const model = of(
      region.rows.filter(({ origin }) => origin.kind === 'service'),
      pick,
    );
    if (!model?.instanceId) return;
    const { projectId, instanceId, parentId, description } = model;
    region.create({ projectId, instanceId, parentId, description, origin: { kind: 'user' } });
  },
  'a user deletes what is newest': (world, pick) => {
    const place = of(world.region.places, pick);
    const newest = world.region.rows.filter((row) => row.instanceId === place?.id && !runs(row)).toReversed();
    for (const row of newest.slice(0, 1 + (pick % 4))) world.region.delete(row.id, 0);
  },
  'the status of an instance tells no backup from now on, or does': (world, pick) =>
    on(world, pick, (place) => {
      place.hides = !place.hides;
    }),
  'a user deletes a backup': ({ region }, pick) => {
    const row = of(region.rows, pick);
    if (row) region.delete(row.id, pick % 5 === 0 ? 7 * HOUR : 0);
  },
  'a user holds a point': (world, pick) => {
    const { store, nowUtc } = world.service;
    const row = of(ours(world), pick);
    if (!row?.instanceId) return;
    const untilUtc = pick % 2 === 0 ? null : nowUtc + 2 * DAY;
    const hold = { backupId: row.id, instanceId: row.instanceId, owner: 'anna', note: 'audit', untilUtc };
    if (!store.holds.delete(row.id)) store.holds.set(row.id, hold);
  },
  'a user undoes a mark': (world, pick) => {
    const { store, nowUtc } = world.service;
    const mark = of([...store.marks.values()], pick);
    if (!mark) return;
    store.marks.delete(mark.backupId);
    store.holds.set(mark.backupId, { ...mark, owner: 'anna', note: 'undo', untilUtc: nowUtc + 7 * DAY });
  },
  'another service comes to an instance': (world, pick) => {
    otherServiceComes(world, of(living(world), pick));
  },
  'an instance is excluded, or no more': (world, pick) => {
    const schedule = of([...world.service.store.schedules.values()], pick);
    if (schedule) schedule.isExcluded = !schedule.isExcluded;
  },
  'the quota is changed': ({ region }, pick) => {
    region.limits.set(projectOf(pick), of([50, 20, 8, 5], pick >> 1) ?? 50);
    region.reserved.set(projectOf(pick), pick % 3);
  },
  'the policy is changed': ({ service }, pick) => {
    service.settings.policy = of(POLICIES, pick) ?? service.settings.policy;
  },
  'the mode is changed': ({ service }) => {
    service.settings.observe = !service.settings.observe;
  },
} satisfies Readonly<Record<string, Act>>;

export type Deed = keyof typeof DEEDS;
