import { batch, computed, signal } from '@preact/signals';
import type { Operations } from '../../http/contract/operations.ts';
import type { SessionView } from '../../http/contract/session.ts';
import { call, credentials } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { startLive } from '../api/live.ts';
import { forgetDrafts } from './draft.ts';

export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unknown'; readonly failure: Failure }
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly session: SessionView };
export type SignIn = Operations['POST v1/session']['body'];

export const sessionState = signal<SessionState>({ kind: 'asking' });
export const session = computed(() => (sessionState.value.kind === 'open' ? sessionState.value.session : null));
/** The session has ended while the viewer was at work: a dialog asks him to sign in again. */
export const expired = signal(false);

/** An admin reads whatever project an instance is of. */
export const everywhere = computed((): { readonly all_projects?: true } =>
  session.value?.is_admin ? { all_projects: true } : {},
);

/** Whose instance is looked at; null where none is. */
export const shownProject = signal<string | null>(null);
/** An admin changes things in the project that he looks at. */
export const meant = computed((): { readonly project_id?: string } => {
  const [viewer, projectId] = [session.value, shownProject.value];
  return viewer?.is_admin && projectId !== null && projectId !== viewer.project.id ? { project_id: projectId } : {};
});

export const may = (rule: string): boolean => session.value?.may.includes(rule) ?? false;

let stopLive: (() => void) | null = null;
let waiting: ((signedIn: boolean) => void)[] = [];

/** The line broke: is the service away, or the session over? */
async function lookWhy(): Promise<boolean> {
  const answer = await call('GET v1/session');
  if (!answer.ok && answer.failure.status === 401) return await credentials.renew();
  return answer.ok;
}

function opened(view: SessionView): void {
  const before = session.value;
  if (before && before.user.id !== view.user.id) forgetDrafts();
  if (before?.project.id !== view.project.id) {
    stopLive?.();
    stopLive = startLive(lookWhy);
  }
  batch(() => {
    credentials.csrf = view.csrf;
    sessionState.value = { kind: 'open', session: view };
    expired.value = false;
  });
  answerWaiting(true);
}

function ended(): void {
  stopLive?.();
  stopLive = null;
  credentials.csrf = null;
  batch(() => {
    sessionState.value = { kind: 'none' };
    expired.value = false;
  });
  answerWaiting(false);
}

function answerWaiting(signedIn: boolean): void {
  const all = waiting;
  waiting = [];
  for (const answer of all) answer(signedIn);
}

credentials.renew = () => {
  if (!session.value) return Promise.resolve(false);
  expired.value = true;
  return new Promise((answer) => waiting.push(answer));
};

credentials.reread = async () => {
  const answer = await call('GET v1/session');
  if (answer.ok) opened(answer.value.session);
  return answer.ok;
};

/** Whether the browser has a session already. */
export async function startSession(): Promise<void> {
  sessionState.value = { kind: 'asking' };
  const answer = await call('GET v1/session');
  if (answer.ok) opened(answer.value.session);
  else if (answer.failure.status === 401) ended();
  else sessionState.value = { kind: 'unknown', failure: answer.failure };
}

export async function signIn(body: SignIn): Promise<Failure | null> {
  const answer = await call('POST v1/session', { body });
  if (!answer.ok) return answer.failure;
  opened(answer.value.session);
  return null;
}

export async function switchProject(projectId: string): Promise<Failure | null> {
  const answer = await call('PUT v1/session', { body: { project_id: projectId } });
  if (!answer.ok) return answer.failure;
  opened(answer.value.session);
  return null;
}

/** The page forgets all, whatever the service answers. Not null: there the session may live on. */
export async function signOut(): Promise<Failure | null> {
  const answer = await call('DELETE v1/session');
  forgetDrafts();
  ended();
  return answer.ok || answer.failure.status === 401 ? null : answer.failure;
}
