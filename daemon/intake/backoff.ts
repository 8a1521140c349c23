/** Soon enough to consume within seconds of the broker's return. */
const LONGEST_MS = 2_500;
const FIRST_MS = 250;

/** Full jitter: anywhere between nothing and a limit that doubles, so that many daemons do not come back as one. */
export function createBackOff(random: () => number) {
  let failures = 0;
  return {
    reset: () => {
      failures = 0;
    },
    nextMs: () => random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++),
  };
}
