import type { Language } from '../../lib/core/index.ts';
import type { Region } from '../../lib/simulator/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { EventLine } from './picture.ts';
import { announce, type Facts, type Sentence, type Speech, tell } from './sentences.ts';
import type { Action } from './story.ts';
import type { Words } from './words/index.ts';

/** Tells what happens: the daemon's log, and what the story does. */
export interface Narrator {
  readonly speech: Speech;
  /** For the daemon. */
  readonly log: Log;
  announce(action: Action): void;
  tellTo(listener: (event: EventLine) => void): void;
  /** Resolves at the first event of that name. */
  heard(event: string): Promise<void>;
  /** How many instances were called late so far. */
  late(): number;
}

const LATE: ReadonlySet<string> = new Set(['instance.late', 'instance.unprotected']);

export function createNarrator(
  region: Region,
  clock: Clock,
  { language, words }: { readonly language: Language; readonly words: Words },
): Narrator {
  let listener: (event: EventLine) => void = () => undefined;
  let late = 0;
  const instance = (id: unknown) => region.instances().find((one) => one.id === id);
  const project = (id: unknown) => region.projects().find((one) => one.id === id);
  const nameOf = (id: string): string => (instance(id) ?? project(id))?.name ?? id.slice(0, 8);
  const speech: Speech = { language, words, nameOf };

  function subjectOf(id: unknown): string {
    const its = instance(id);
    return its ? `${project(its.projectId)?.name}/${its.name}` : '';
  }
  const awaited = new Map<string, PromiseWithResolvers<void>>();

  function hear(event: string, facts: Facts = {}): void {
    awaited.get(event)?.resolve();
    if (LATE.has(event)) late++;
    pass(subjectOf(facts['instance']), tell(event, facts, speech));
  }
  function pass(subject: string, sentence: Sentence | null): void {
    if (sentence) listener({ ...sentence, atUtc: clock.nowUtc(), subject });
  }
  return {
    speech,
    log: { info: hear, warn: hear, error: hear },
    announce: (action) => pass(`${action.project}/${action.name}`, announce(action, speech)),
    tellTo: (next) => {
      listener = next;
    },
    heard(event) {
      const heard = awaited.get(event) ?? Promise.withResolvers<void>();
      awaited.set(event, heard);
      return heard.promise;
    },
    late: () => late,
  };
}
