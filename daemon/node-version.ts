const FLOOR = [22, 14] as const;

/** One sentence if this Node is too old to run the daemon, else null. Must not import anything that needs a newer one. */
export function nodeTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])) return null;
  return `trove-autobackup needs Node ${FLOOR.join('.')} or newer, and this is ${version}; install a newer one, for example with: npm i -g node@24`;
}
