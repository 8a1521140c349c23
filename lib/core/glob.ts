/**
 * `*` stands for any text, `?` for one character; all else for itself. The whole name must match. In two pointers, since
 * names are the tenants' to choose: a regular expression could be made to run for seconds.
 */
export function matches(pattern: string, name: string): boolean {
  const wanted = [...pattern];
  const given = [...name];
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let here = 0; here < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      resume = here;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[here])) {
      at++;
      here++;
    } else if (star >= 0) {
      at = star + 1;
      here = ++resume;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((left) => left === '*');
}
