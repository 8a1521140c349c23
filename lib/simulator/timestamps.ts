// Each service writes UTC in a form of its own; all take epoch milliseconds.

/** Trove's rows: `2026-11-22T06:47:47`, no zone. MariaDB's DATETIME keeps whole seconds. */
export const troveTime = (utc: number): string => new Date(utc).toISOString().slice(0, 19);

/** Trove's notifications and limits: `2026-11-22T06:38:42Z`. */
export const isoTime = (utc: number): string => `${troveTime(utc)}Z`;

/** Keystone's tokens: `2026-11-23T05:58:12.000000Z`. */
export const keystoneTime = (utc: number): string => `${troveTime(utc)}.000000Z`;

/** oslo.messaging's envelope: `2026-11-22 06:38:42.530167`. */
export const osloTime = (utc: number): string => `${new Date(utc).toISOString().slice(0, 23).replace('T', ' ')}000`;

/** The HTTP header: `Mon, 23 Nov 2026 04:58:12 GMT`. */
export const httpDate = (utc: number): string => new Date(utc).toUTCString();
