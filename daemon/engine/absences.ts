import {
  type Absent,
  isOfSome,
  judgeVanish,
  leftToVanish,
  type VanishAlarm,
  wholeProjects,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { InventoryPort, KnownInstance } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import { createConfirmations } from './confirmations.ts';
import type { ProjectNames } from './enrol.ts';
import { createExistence } from './existence.ts';
import { createRepeats } from './repeats.ts';
import type { Settings } from './settings.ts';

export interface AbsencesDeps {
  readonly cloud: CloudPort;
  readonly inventory: InventoryPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** Told after each look: how many instances its list lacked twice that are not believed gone. */
  readonly onMissing: (count: number) => void;
}

export interface Absences {
  /** A look begins. */
  begin(): void;
  /** After a complete look: who was not in it, whether that is to be believed, and the end of their schedules. */
  settle(names: ProjectNames, signal: AbortSignal): Promise<void>;
}

const BATCH = 100;
/** Projects that Keystone is asked for after one look. */
const MOST_PROJECTS = 200;
/** Instances that are asked for of a project that is doubted anyway. */
const PROBES = 4;
/** Doubted projects that are told at once; the others follow at the next looks. */
const MOST_TOLD = 20;

const HINTS: Readonly<Record<VanishAlarm['kind'], string>> = {
  gone: 'no schedule was ended; if these are really gone, put their projects or instances into reconcile.confirm_gone and send SIGHUP',
  lacking:
    'lists lack them, and they are there or could not be asked for; no schedule was ended: see whether Trove lists the whole region',
};

interface Missing {
  readonly once: readonly KnownInstance[];
  readonly twice: readonly KnownInstance[];
  /** By project, the missing ones counted. */
  readonly known: ReadonlyMap<string, number>;
}

type Confirmer = 'operator' | 'keystone';

export function createAbsences(deps: AbsencesDeps): Absences {
  const { inventory, clock, log, settings } = deps;
  const existence = createExistence(deps);
  const confirmations = createConfirmations(deps);
  const repeats = createRepeats(clock);

  async function readMissing(): Promise<Missing> {
    const once: KnownInstance[] = [];
    const twice: KnownInstance[] = [];
    const known = new Map<string, number>();
    for (let after: string | null = null; ; ) {
      const page = await inventory.noteAbsences(after);
      once.push(...page.absentOnce);
      twice.push(...page.absentTwice);
      for (const [project, n] of page.knownByProject) known.set(project, (known.get(project) ?? 0) + n);
      after = page.next;
      if (after === null) return { once, twice, known };
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function bury(gone: readonly KnownInstance[], by: Confirmer | null): Promise<void> {
    for (let from = 0; from < gone.length; from += BATCH) {
      const some = gone.slice(from, from + BATCH);
      await inventory.entomb(some, clock.nowUtc(), by !== null);
      const confirmedBy = by ?? undefined;
      for (const { instanceId: instance, projectId: project } of some)
        log.info('instance.gone', { instance, project, confirmedBy });
    }
  }

  /** What somebody has confirmed is asked for all the same: it is buried if the cloud has it no more. Returns the others. */
  async function buryConfirmed(
    absent: readonly KnownInstance[],
    by: Confirmer,
    isConfirmed: (one: KnownInstance) => boolean,
    signal: AbortSignal,
  ): Promise<readonly KnownInstance[]> {
    const confirmed = absent.filter(isConfirmed);
    const gone = new Set(await existence.askAll(confirmed, signal));
    await bury([...gone], by);
    return absent.filter((one) => !gone.has(one));
  }

  /** Of projects that vanished as a whole Keystone may say that they are gone themselves. */
  async function buryProjects(
    absent: readonly KnownInstance[],
    known: Missing['known'],
    left: number,
    signal: AbortSignal,
  ) {
    const isMuch = absent.length > left;
    const whole = [...wholeProjects(absent, known)].filter(([, rows]) => isMuch || isOfSome(rows.length));
    const asked = whole.slice(0, MOST_PROJECTS).map(([id]) => id);
    const gone = await existence.goneProjects(asked, signal);
    return buryConfirmed(absent, 'keystone', ({ projectId }) => gone.has(projectId), signal);
  }

  /** Projects of some size that are gone as a whole, as far as some of their instances tell. */
  async function doubtedAmong(absent: readonly KnownInstance[], known: Missing['known'], signal: AbortSignal) {
    const doubted = new Map<string, number>();
    for (const [id, rows] of wholeProjects(absent, known)) {
      if (!isOfSome(rows.length)) continue;
      const probes = rows.slice(0, PROBES);
      const { gone } = await existence.ask(probes, { gone: PROBES, lacking: 0 }, signal);
      if (gone.length === probes.length) doubted.set(id, rows.length);
    }
    return doubted;
  }

  function tell(alarm: VanishAlarm | null, doubted: ReadonlyMap<string, number>, others: readonly Absent[]): void {
    const { reconcileMs } = settings();
    if (alarm && repeats.isDue(alarm.kind, others.length, reconcileMs)) {
      const { kind, vanished, known, allowed } = alarm;
      const projects = [...new Set(others.map(({ projectId }) => projectId))].slice(0, MOST_TOLD);
      const absent = others.length;
      log.error('reconcile.mass_vanish', { vanished, absent, known, allowed, projects, hint: HINTS[kind] });
    }
    let told = 0;
    for (const [project, known] of doubted) {
      if (told >= MOST_TOLD || !repeats.isDue(project, known, reconcileMs)) continue;
      told++;
      const hint = `all of its instances vanished; their schedules run on. If they are really gone, put ${project} into reconcile.confirm_gone and send SIGHUP`;
      log.error('reconcile.mass_vanish', { project, known, hint });
    }
    repeats.keep(new Set([...doubted.keys(), ...(alarm ? [alarm.kind] : [])]));
  }

  return {
    begin: () => confirmations.refresh(),
    async settle(names, signal) {
      const { once, twice, known } = await readMissing();
      const isConfirmed = confirmations.of([...once, ...twice], names);
      const bounds = {
        known: [...known.values()].reduce((sum, count) => sum + count, 0),
        goneLately: await inventory.goneLately(clock.nowUtc()),
        share: settings().vanishShare,
      };
      const left = leftToVanish(bounds);
      const unconfirmed = await buryConfirmed(twice, 'operator', isConfirmed, signal);
      const rest = await buryProjects(unconfirmed, known, left, signal);
      const doubted = await doubtedAmong(rest, known, signal);
      const others = rest.filter(({ projectId }) => !doubted.has(projectId));
      const most = { gone: left, lacking: left + bounds.goneLately };
      const { gone, isCut } = await existence.ask(others, most, signal);
      const { believed, alarm } = judgeVanish({ ...bounds, gone, lacking: others.length - gone.length, isCut });
      await bury(believed, null);
      tell(alarm, doubted, others);
      deps.onMissing(rest.length - believed.length);
    },
  };
}
