import { explain, type Language } from '../../../lib/core/index.ts';
import { CallerCloudError, type CallerFault } from '../../ports/caller-cloud.ts';
import { ApiError, type ErrorFacts, type Words } from '../api/error.ts';
import { type Refusals, type SentencesOf, STATUS, type Title } from './catalogue.ts';
import { en } from './en.ts';
import { OWN_TITLES } from './own.ts';
import { ownEn } from './own-en.ts';
import { ownVi } from './own-vi.ts';
import { vi } from './vi.ts';

const LANGUAGES: Readonly<Record<Language, SentencesOf<Refusals>>> = {
  en: { ...en, ...ownEn },
  vi: { ...vi, ...ownVi },
};
const TITLES: Readonly<Partial<Record<Title, string>>> = OWN_TITLES;

interface More extends Omit<ErrorFacts, 'hint' | 'words'> {
  /** For programs; left out, that of the sentences. */
  readonly title?: string;
}

/** An answer that says no, why, and what to do next, in whatever language it is asked for. */
export function refusal<T extends Title>(of: T, params: Refusals[T], more: More = {}): ApiError {
  const { title = TITLES[of] ?? of, ...facts } = more;
  const words = (language: Language): Words => LANGUAGES[language][of](params, (reason) => explain(reason, language));
  const [message, hint] = words('en');
  return new ApiError(STATUS[of], title, message, { ...facts, words, ...(hint !== null && { hint }) });
}

/** Of what the caller's project does not have, though another may: the same answer as for what nobody has. */
export const notFound = (what: Refusals['not-found']['what'], id: string): ApiError =>
  refusal('not-found', { what, id });

type Often = 'too-many-requests' | 'too-many-at-once';
type Anonymous = 'too-many-guesses' | 'too-many-sign-ins' | 'too-many-switches';

/** More than is let through; with when to try again. */
export function tooMany(of: Anonymous, waitMs: number): ApiError;
export function tooMany(of: Often, waitMs: number, project: string): ApiError;
export function tooMany(of: Often | Anonymous, waitMs: number, project = ''): ApiError {
  const seconds = String(Math.ceil(waitMs / 1_000));
  return refusal(of, { project, seconds }, { headers: { 'retry-after': seconds } });
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
export async function inCallersName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CallerCloudError)) throw error;
    const { fault, detail, retryAfterMs } = error;
    const headers: Record<string, string> =
      retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
    throw refusal(OF_FAULTS[fault], { detail }, { headers, cause: error });
  }
}
