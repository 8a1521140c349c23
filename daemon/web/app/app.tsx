import { SignInDialog, SignInPage } from '../pages/sign-in.tsx';
import { FailureNote, Skeleton, Toasts } from '../ui/index.ts';
import { Banner } from './banner.tsx';
import { expired, sessionState, startSession } from './session.ts';
import { Shell } from './shell.tsx';

export function App() {
  const state = sessionState.value;
  return (
    <>
      <Banner />
      {state.kind === 'asking' && <Skeleton />}
      {state.kind === 'unknown' && (
        <main class="narrow">
          <FailureNote failure={state.failure} onRetry={startSession} />
        </main>
      )}
      {state.kind === 'none' && <SignInPage />}
      {state.kind === 'open' && <Shell key={`${state.session.user.id} ${state.session.project.id}`} />}
      {expired.value && <SignInDialog />}
      <Toasts />
    </>
  );
}
