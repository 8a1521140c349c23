import { useState } from 'preact/hooks';
import type { Failure } from '../api/failure.ts';
import { Choices } from '../app/choices.tsx';
import { recall, remember } from '../app/remember.ts';
import { type SignIn, session, signIn, signOut } from '../app/session.ts';
import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { Button, Dialog, FailureNote, Field, Icon } from '../ui/index.ts';

type Way = 'password' | 'token';

interface Entered {
  readonly user: string;
  readonly user_domain: string;
  readonly password: string;
  readonly project: string;
  readonly project_domain: string;
  readonly token: string;
}

const MINUTE_MS = 60_000;

/** Names are remembered for the next visit; what is secret never is. */
function firstEntered(): Entered {
  const view = session.value;
  return {
    user: view?.user.name ?? recall('user') ?? '',
    user_domain: recall('user-domain') ?? 'Default',
    password: '',
    project: view?.project.name ?? recall('project') ?? '',
    project_domain: recall('project-domain') ?? 'Default',
    token: '',
  };
}

function bodyOf(way: Way, entered: Entered): SignIn {
  if (way === 'token') return { token: entered.token.trim() };
  const { token: _, project, ...names } = entered;
  return { ...names, project: project === '' ? null : project };
}

function rememberNames({ user, user_domain, project, project_domain }: Entered): void {
  remember('user', user);
  remember('user-domain', user_domain);
  remember('project', project);
  remember('project-domain', project_domain);
}

/** Sign-in has words of its own: what fails here is mended differently than elsewhere. */
function Problem({ failure, way }: { readonly failure: Failure; readonly way: Way }) {
  const { signin } = say.value;
  const wait = format.value.duration(failure.retryAfterMs ?? MINUTE_MS);
  const wrong = way === 'token' ? [signin.wrongToken, signin.wrongTokenHint] : [signin.wrong, signin.wrongHint];
  const words: Readonly<Record<number, readonly (string | undefined)[]>> = {
    401: wrong,
    403: [signin.forbidden, signin.forbiddenHint],
    429: [signin.tooMany, signin.tooManyHint({ wait })],
  };
  const [message, hint] = words[failure.status] ?? [];
  if (!message) return <FailureNote failure={failure} />;
  return (
    <div class="note bad" role="alert">
      <Icon name="unprotected" />
      <div>
        <p>{message}</p>
        <p class="hint">{hint}</p>
      </div>
    </div>
  );
}

function Ways({ way, choose }: { readonly way: Way; readonly choose: (way: Way) => void }) {
  const { signin } = say.value;
  const options = [
    ['password', signin.withPassword],
    ['token', signin.withToken],
  ] as const;
  return (
    <fieldset class="segments">
      <legend class="unseen">{signin.how}</legend>
      {options.map(([value, text]) => (
        <label key={value}>
          <input type="radio" name="way" value={value} checked={way === value} onChange={() => choose(value)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface PartProps {
  readonly entered: Entered;
  readonly enter: (part: Partial<Entered>) => void;
  /** Whether it was tried to send it: what is missing is told then, not before. */
  readonly tried: boolean;
}

function PasswordFields({ entered, enter, tried }: PartProps) {
  const { signin } = say.value;
  const missing = (value: string): string | null => (tried && value === '' ? signin.missing : null);
  return (
    <>
      <Field
        label={signin.user}
        name="username"
        autocomplete="username"
        value={entered.user}
        problem={missing(entered.user)}
        onInput={(user) => enter({ user })}
      />
      <Field
        label={signin.password}
        name="password"
        type="password"
        autocomplete="current-password"
        value={entered.password}
        problem={missing(entered.password)}
        onInput={(password) => enter({ password })}
      />
      <Field
        label={signin.project}
        name="project"
        hint={signin.projectHint}
        value={entered.project}
        onInput={(project) => enter({ project })}
      />
      <details open={entered.user_domain !== 'Default' || entered.project_domain !== 'Default'}>
        <summary>{signin.domains}</summary>
        <div class="pair">
          <Field
            label={signin.userDomain}
            value={entered.user_domain}
            problem={missing(entered.user_domain)}
            onInput={(user_domain) => enter({ user_domain })}
          />
          <Field
            label={signin.projectDomain}
            value={entered.project_domain}
            problem={missing(entered.project_domain)}
            onInput={(project_domain) => enter({ project_domain })}
          />
        </div>
      </details>
    </>
  );
}

function TokenField({ entered, enter, tried }: PartProps) {
  const { signin } = say.value;
  return (
    <Field
      label={signin.token}
      type="password"
      autocomplete="off"
      hint={signin.tokenHint}
      value={entered.token}
      problem={tried && entered.token.trim() === '' ? signin.missing : null}
      onInput={(token) => enter({ token })}
    />
  );
}

function isComplete(way: Way, { user, password, user_domain, project_domain, token }: Entered): boolean {
  if (way === 'token') return token.trim() !== '';
  return [user, password, user_domain, project_domain].every((value) => value !== '');
}

function SignInForm() {
  const { signin } = say.value;
  const [way, choose] = useState<Way>('password');
  const [entered, setEntered] = useState(firstEntered);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const enter = (part: Partial<Entered>) => setEntered((before) => ({ ...before, ...part }));
  const send = async (): Promise<void> => {
    setTried(true);
    if (busy || !isComplete(way, entered)) return;
    setBusy(true);
    setFailure(null);
    const refusal = await signIn(bodyOf(way, entered));
    setBusy(false);
    setFailure(refusal);
    if (!refusal && way === 'password') rememberNames(entered);
  };
  const parts = { entered, enter, tried };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Ways way={way} choose={choose} />
      {way === 'password' ? <PasswordFields {...parts} /> : <TokenField {...parts} />}
      {failure && <Problem failure={failure} way={way} />}
      <Button kind="primary" type="submit" busy={busy}>
        {busy ? signin.submitting : signin.submit}
      </Button>
    </form>
  );
}

export function SignInPage() {
  const { shell, signin } = say.value;
  document.title = `${signin.title} · ${shell.product}`;
  return (
    <main class="sign-in">
      <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="40" height="40" />
      <h1>{shell.product}</h1>
      <p class="hint">{signin.lead}</p>
      <section class="card">
        <SignInForm />
      </section>
      <Choices />
    </main>
  );
}

/** Over whatever one was at: it stays as it is below. */
export function SignInDialog() {
  const { signin } = say.value;
  return (
    <Dialog title={signin.again}>
      <p class="hint">{signin.againLead}</p>
      <SignInForm />
      <footer>
        <Button kind="quiet" onClick={signOut}>
          {signin.giveUp}
        </Button>
      </footer>
    </Dialog>
  );
}
