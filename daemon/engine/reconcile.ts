import { type DurationMs, explain, type Instance, type RuleName } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { type CloudPort, CloudUnavailable } from '../ports/cloud.ts';
import type { InventoryChange, InventoryPort } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { NotesPort, PendingNote } from '../ports/notes.ts';
import { type AbsencesDeps, createAbsences } from './absences.ts';
import type { ClockGuard } from './clock-guard.ts';
import { enrol } from './enrol.ts';
import { inLumps } from './lumps.ts';
import { createNotePatience } from './note-patience.ts';
import type { OddRows } from './odd-rows.ts';
import { createPoke } from './poke.ts';
import { createProjectNamer } from './project-names.ts';
import type { Settings } from './settings.ts';

const BATCH = 200;
const NOTES_AT_ONCE = 16;
const LONGEST_UNSAVED_MS = 2_000;
const PAUSE_MS = 2_000;
/** Between two rounds over the notes while some of them wait. */
const AGAIN_MS = 200;
/** What a note names cannot be looked at, now or ever: it is not for this service, or is no such thing. */
const SETTLED: ReadonlySet<RuleName> = new Set(['no-role', 'refused', 'not-found']);

export interface ReconcileDeps extends Pick<AbsencesDeps, 'onMissing'> {
  readonly oddRows: OddRows;
  readonly cloud: CloudPort;
  readonly inventory: InventoryPort;
  readonly notes: NotesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** While the time is doubtful nothing that was seen is stored: first slots are set by it, and ends of schedules. */
  readonly guard: ClockGuard;
  /** Resolves when what was logged is written, or cannot be: who says much at once asks, so that none of it is lost. */
  readonly written: () => Promise<void>;
  /** Told when slots may have changed. */
  readonly onSchedules: () => void;
  /** Told of the projects in which something was looked at because the bus said so. */
  readonly onLooked: (projectIds: readonly string[]) => void;
}

export interface Reconcile {
  /** Looks at the whole region, soon. */
  pokeFull(): void;
  /** Notes came in. */
  pokeNotes(): void;
  /** The time is good again: looks at what could not be stored. */
  resume(): void;
  fullLoop(signal: AbortSignal): Promise<void>;
  notesLoop(signal: AbortSignal): Promise<void>;
  /** For health: false while the region cannot be read. */
  check(): { readonly ok: boolean; readonly detail: string };
}

/** The API says what exists; a message only says where to look sooner. */
export function createReconcile(deps: ReconcileDeps): Reconcile {
  const { cloud, inventory, notes, clock, log, settings, guard, written, oddRows } = deps;
  const absences = createAbsences(deps);
  const projects = createProjectNamer({ cloud, log });
  const full = createPoke(clock);
  const noted = createPoke(clock);
  const patience = createNotePatience(clock);
  let health = { ok: true, detail: 'the first look is under way' };
  /** When a list was last held against what we know: an earlier life may have done so just before this one began. */
  let comparedMs = clock.monotonicMs();
  /** Something was seen that was not stored. */
  let held = false;

  function isHeld(): boolean {
    const now = guard.doubt() !== null;
    held ||= now;
    return now;
  }

  /** False where it was held back, in part at least. */
  async function save(instances: readonly Instance[], signal: AbortSignal): Promise<boolean> {
    for (let from = 0; from < instances.length; from += BATCH) {
      const by = { ...settings(), storeBornUtc: inventory.storeBornUtc };
      const names = await projects.of(by, signal);
      if (isHeld()) return false;
      const nowUtc = clock.nowUtc();
      const batch = instances.slice(from, from + BATCH).map((instance) => enrol(instance, names, nowUtc, by));
      const changes = await inventory.saveSightings(batch, nowUtc);
      for (const change of changes) report(log, change);
      if (changes.some(({ kind }) => kind !== 'unchanged')) deps.onSchedules();
      await new Promise((resolve) => setImmediate(resolve)); // a large region must not keep the bus and the slots waiting
      await written();
    }
    return true;
  }

  async function savePages(pages: AsyncIterable<readonly Instance[]>, signal: AbortSignal) {
    let whole = true;
    const use = async (lump: readonly Instance[]): Promise<void> => {
      whole = (await save(lump, signal)) && whole;
    };
    const instances = await inLumps(pages, use, { clock, atLeast: BATCH, longestMs: LONGEST_UNSAVED_MS });
    return { instances, whole };
  }

  async function lookAtRegion(signal: AbortSignal): Promise<void> {
    const startedMs = clock.monotonicMs();
    absences.begin();
    await projects.refresh(settings(), signal);
    await inventory.beginLook();
    const { onOdd, rows: odd } = oddRows.listen();
    const { instances, whole } = await savePages(cloud.region(signal, onOdd), signal);
    const oddIds = odd.flatMap(({ id }) => (id === null ? [] : [id]));
    await inventory.markSeen(oddIds);
    oddRows.settle(settings().reconcileMs);
    if (!whole || isHeld()) {
      health = { ok: true, detail: 'it answers; what it says waits for the clock' };
      return;
    }
    // A look that was asked for early proves nothing about who is gone: two lists count only a while apart.
    // One with a row that does not say which it is proves nothing either.
    if (oddIds.length === odd.length && startedMs - comparedMs >= settings().reconcileMs / 2) {
      await absences.settle(await projects.of(settings(), signal), signal);
      comparedMs = startedMs;
    }
    health = { ok: true, detail: `looked at ${new Date(clock.nowUtc()).toISOString()}` };
    log.info('reconcile.done', { instances, ms: Math.round(clock.monotonicMs() - startedMs) });
  }

  /** The instance, or null where there is nothing to learn and the note is settled all the same. */
  async function look({ projectId, instanceId }: PendingNote, signal: AbortSignal): Promise<Instance | null | 'again'> {
    try {
      return await cloud.instance(projectId, instanceId, signal);
    } catch (error) {
      if (!(error instanceof CloudUnavailable)) throw error;
      // Anyone with a guest's broker password can write any ids into a message: such a note must not be kept for ever.
      const drop = SETTLED.has(error.reason.rule);
      log.warn('note.unreadable', { instance: instanceId, project: projectId, because: error.reason, dropped: drop });
      return drop ? null : 'again';
    }
  }

  /** Looks at all notes there are, page by page; how long until one that could not be looked at is due again. */
  async function lookAtNotes(signal: AbortSignal): Promise<DurationMs | null> {
    for (let after: PendingNote | null = null; ; ) {
      const pending = await notes.pendingNotes(NOTES_AT_ONCE, after);
      const last = pending.at(-1);
      if (!last) return patience.endRound();
      if (isHeld()) return null;
      const due = pending.filter((note) => patience.isDue(note));
      const found = await Promise.all(due.map((note) => look(note, signal)));
      const seen = found.filter((instance): instance is Instance => instance !== null && instance !== 'again');
      if (!(await save(seen, signal))) return null;
      await notes.settleNotes(due.filter((_, index) => found[index] !== 'again'));
      deps.onLooked(due.map(({ projectId }) => projectId));
      for (const [index, note] of due.entries()) if (found[index] === 'again') patience.failed(note);
      after = last;
    }
  }

  return {
    pokeFull: () => full.poke(),
    pokeNotes: () => noted.poke(),
    resume() {
      if (!held) return;
      held = false;
      full.poke();
      noted.poke();
    },
    check: () => health,
    async fullLoop(signal) {
      for (;;) {
        let nextMs = settings().reconcileMs;
        try {
          await lookAtRegion(signal);
        } catch (error) {
          if (!(error instanceof CloudUnavailable)) throw error;
          nextMs = Math.min(nextMs, error.retryAfterMs ?? 5 * PAUSE_MS);
          health = { ok: false, detail: explain(error.reason) };
          log.warn('reconcile.failed', { because: error.reason, retryMs: nextMs });
        }
        await full.wait(clock.nowUtc() + nextMs, signal);
      }
    },
    async notesLoop(signal) {
      for (;;) {
        const againMs = await lookAtNotes(signal).catch((error: unknown) => {
          if (error instanceof CloudUnavailable) return PAUSE_MS;
          throw error;
        });
        await noted.wait(clock.nowUtc() + Math.max(AGAIN_MS, againMs ?? settings().reconcileMs), signal);
      }
    },
  };
}

function report(log: Log, change: InventoryChange): void {
  const { id: instance, projectId: project, name } = change.sighting.instance;
  const { enrolment } = change.sighting;
  if (change.discovered) log.info('instance.discovered', { instance, project, name });
  if (change.returned) log.info('instance.returned', { instance, project, name });
  if (change.kind === 'unchanged') return;
  const nextSlot = change.nextSlotUtc === null ? undefined : new Date(change.nextSlotUtc).toISOString();
  const policy = enrolment.kind === 'scheduled' ? enrolment.policy.name : undefined;
  const { slotBecause, because } = change;
  const facts = { instance, project, name, policy, nextSlot, because };
  log.info(`schedule.${change.kind}`, slotBecause === null ? facts : { ...facts, slotBecause });
}
