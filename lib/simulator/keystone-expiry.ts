import { malformed } from './keystone-fault.ts';

/** `expires_at` of a trust or an application credential, with a zone or without. Keystone: keystone/common/utils.py, parse_expiration_date */
export function expiry(given: unknown, nowUtc: number): number | null {
  if (given === undefined || given === null) return null;
  const text = String(given);
  const utc = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(/[Z+]/.test(text) ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(utc)) throw malformed('Timestamp not in expected format');
  if (utc < nowUtc) throw malformed("The 'expires_at' must not be before now");
  return utc;
}
