/** `*` stands for any text, `?` for one character; all else for itself. The whole name must match. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (c) => (c === '*' ? '.*' : c === '?' ? '.' : `\\${c}`));
  return new RegExp(`^${source}$`, 'su').test(name);
}
