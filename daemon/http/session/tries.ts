import { ApiError } from '../api/error.ts';
import { addressKey, type Rates } from '../api/rates.ts';
import { tooMany } from '../refusals/index.ts';

/** A minute, for a user at an address: others at other addresses take none of his. */
export const TRIES = 5;
/** A minute, of an address, the good ones as well: each asks Keystone four times. */
export const SIGN_INS = 60;
/** A minute, of a session. */
export const SWITCHES = 30;

export interface Tries {
  /** `TRIES` a minute each. */
  readonly perUser: Rates;
  /** `SIGN_INS` a minute each, whoever it is that signs in. */
  readonly perAddress: Rates;
}

/** As a database may compare names: without case, accents and blanks around, so that no spelling gives more tries. */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .trim();

/**
 * Carries a sign-in out within the limits. One that succeeds gives the user back what it and those before it took; one that
 * nobody could judge all that it took.
 */
export async function withinTries<T>(
  { perUser, perAddress }: Tries,
  who: string,
  ip: string,
  signIn: () => Promise<T>,
): Promise<T> {
  const address = addressKey(ip);
  const key = `${address} ${who}`;
  const waitMs = Math.max(perUser.take(key), perAddress.take(address));
  if (waitMs > 0) throw tooMany('too-many-sign-ins', waitMs);
  try {
    const result = await signIn();
    for (let n = 0; n < TRIES; n++) perUser.giveBack(key);
    return result;
  } catch (error) {
    const isJudged = error instanceof ApiError && error.status < 500;
    if (!isJudged)
      for (const [rates, taken] of [
        [perUser, key],
        [perAddress, address],
      ] as const)
        rates.giveBack(taken);
    throw error;
  }
}
