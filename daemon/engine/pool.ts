/**
 * Does the work of each, so many at once, the next as soon as any is done: one that hangs holds up itself alone. After a
 * failure no more is begun; it is thrown when what was under way has ended.
 */
export async function inPool<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const fault: { error?: unknown } = {};
  const worker = async (): Promise<void> => {
    for (const one of rest) {
      await work(one).catch((error: unknown) => {
        fault.error ??= error;
      });
      if ('error' in fault) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if ('error' in fault) throw fault.error;
}
