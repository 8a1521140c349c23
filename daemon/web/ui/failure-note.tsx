import type { Failure } from '../api/failure.ts';
import { language, say } from '../i18n/language.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface Words {
  readonly message: string;
  readonly hint: string | null;
  /** The service's own words, where they are of another language: what only programs do wrong is English, and who went over
   * to another language meanwhile was told in the first. */
  readonly original: string | null;
}

export function wordsOf(failure: Failure): Words {
  const { failures } = say.value;
  if (failure.kind === 'unreachable')
    return { message: failures.unreachable, hint: failures.unreachableHint, original: null };
  if (failure.kind === 'not-understood')
    return { message: failures.notUnderstood({ status: String(failure.status) }), hint: null, original: null };
  if (failure.language === language.value) return { message: failure.message, hint: failure.hint, original: null };
  const titles: Readonly<Record<string, string>> = failures.titles;
  const original = [failure.message, failure.hint].filter(Boolean).join(' — ');
  return { message: titles[failure.title] ?? failures.titles.other, hint: null, original };
}

/** What went wrong and what to do, with what an operator needs to find it in the log. */
export function FailureNote({ failure, onRetry }: { readonly failure: Failure; readonly onRetry?: () => void }) {
  const { message, hint, original } = wordsOf(failure);
  const { ui, shell } = say.value;
  return (
    <div class="note bad" role="alert">
      <Icon name="unprotected" />
      <div>
        <p>{message}</p>
        {hint && <p class="hint">{hint}</p>}
        {original && <p class="hint" lang={failure.language}>{`${ui.details}: ${original}`}</p>}
        {failure.requestId && <p class="hint code">{ui.requestId({ id: failure.requestId })}</p>}
      </div>
      {onRetry && (
        <Button small onClick={onRetry}>
          {shell.tryAgain}
        </Button>
      )}
    </div>
  );
}
