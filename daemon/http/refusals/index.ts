import { explain, type Language } from '../../../lib/core/index.ts';
import { CallerCloudError, type CallerFault } from '../../ports/caller-cloud.ts';
import { ApiError, type ErrorFacts } from '../api/error.ts';
import { type Refusals, type Sentences, STATUS, type Title } from './catalogue.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

const LANGUAGES: Readonly<Record<Language, Sentences>> = { en, vi };

/** An answer that says no, why, and what to do next, in the caller's language. */
export function refusal<T extends Title>(
  title: T,
  params: Refusals[T],
  language: Language,
  more: Omit<ErrorFacts, 'hint'> = {},
): ApiError {
  const [message, hint] = LANGUAGES[language][title](params, (reason) => explain(reason, language));
  return new ApiError(STATUS[title], title, message, { ...more, hint });
}

/** Which answer each fault of the cloud is. */
export const OF_FAULTS = {
  'signed-out': 'signed-out',
  forbidden: 'forbidden-by-cloud',
  'not-found': 'not-found-in-cloud',
  quota: 'quota-full',
  rate: 'rate-limited',
  busy: 'busy',
  conflict: 'conflict-in-cloud',
  invalid: 'refused-by-cloud',
  'storage-away': 'storage-unavailable',
  'no-service': 'no-endpoint',
  away: 'no-answer',
  unknown: 'outcome-unknown',
} as const satisfies Readonly<Record<CallerFault, Title>>;

/** Runs what asks the cloud in a caller's name; whatever fails there is answered by the table above. */
export async function inCallersName<T>(language: Language, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CallerCloudError)) throw error;
    const { fault, detail, retryAfterMs } = error;
    const headers: Record<string, string> =
      retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
    throw refusal(OF_FAULTS[fault], { detail }, language, { headers, cause: error });
  }
}
