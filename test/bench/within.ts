/** Work that hangs ends the bench, and says what hung; `more` tells what is known of it then. */
export async function within<T>(what: string, mostMs: number, work: Promise<T>, more = () => ''): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`${what} took longer than ${mostMs / 1000} s${more()}`));
  }, mostMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
