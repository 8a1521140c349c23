const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** One of the API's own words, as a state or a title. */
const WORD = /^[a-z]+(-[a-z]+)*$/;
const ANY = '…';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isLike = (text: string, shown: string): boolean =>
  new RegExp(`^${shown.split(ANY).map(escaped).join('[^]*')}$`).test(text);

/** What kind of value it is, as a reader would say it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return INSTANT.test(value) ? 'an instant' : 'a string';
  return typeof value;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What of a shown value is not so in the real one. Whatever is shown must be there and be of its type; words, and strings
 * with `…` for what is left out, must be alike too. Of a list each shown row must be like one of the real ones.
 */
export function unlike(shown: unknown, real: unknown, at = 'the body'): readonly string[] {
  if (kindOf(shown) !== kindOf(real)) return [`${at} is shown as ${kindOf(shown)}, and is ${JSON.stringify(real)}`];
  if (Array.isArray(shown) && Array.isArray(real)) {
    return shown.flatMap((row: unknown, n) => {
      const best = real.map((one) => unlike(row, one, `${at}[${n}]`)).toSorted((a, b) => a.length - b.length)[0];
      return best ?? [`${at}[${n}] is shown, and the list is empty`];
    });
  }
  if (isRecord(shown) && isRecord(real)) {
    return Object.entries(shown).flatMap(([name, value]) =>
      name in real ? unlike(value, real[name], `${at}.${name}`) : [`${at}.${name} is shown, and is not there`],
    );
  }
  if (typeof shown !== 'string' || typeof real !== 'string') return [];
  const isBound = WORD.test(shown) || (shown.includes(ANY) && shown !== ANY);
  return isBound && !isLike(real, shown) ? [`${at} is shown as "${shown}", and is "${real}"`] : [];
}

interface Parts {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Of an answer as `curl -i` prints it. */
export function partsOf(text: string): Parts | null {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n\n');
  const [first = '', ...headers] = head.split('\n');
  const status = /^HTTP\/[\d.]+ (\d{3})\b/.exec(first)?.[1];
  return status === undefined ? null : { status: Number(status), headers, body: rest.join('\n\n') };
}

const headerOf = (line: string): string => line.replace(/^[^:]+/, (name) => name.toLowerCase());

function unlikeBody(shown: string, real: string): readonly string[] {
  if (shown.trim() === '') return [];
  if (!shown.trimStart().startsWith('{')) {
    const lines = real.split(/\r?\n/);
    const missing = shown
      .trim()
      .split('\n')
      .filter((line) => !lines.some((one) => isLike(one, line)));
    return missing.map((line) => `no line of the answer is like "${line}"`);
  }
  try {
    return unlike(JSON.parse(shown), JSON.parse(real));
  } catch (error) {
    return [`${error}, in what is shown or in: ${real}`];
  }
}

/** What of a shown answer is not so; `output` is what curl printed, with or without a head. */
export function unlikeAnswer(shown: string, status: number, output: string): readonly string[] {
  const wanted = partsOf(shown);
  if (!wanted) return ['an answer must begin with its status, as in HTTP/1.1 200 OK'];
  if (wanted.status !== status) return [`the status is shown as ${wanted.status}, and is ${status}: ${output}`];
  const printed = partsOf(output);
  const headers = printed?.headers.map(headerOf) ?? [];
  const missing = wanted.headers.filter((line) => !headers.some((one) => isLike(one, headerOf(line))));
  return [
    ...missing.map((line) => `no header of the answer is like "${line}"; curl prints them with -i`),
    ...unlikeBody(wanted.body, printed?.body ?? output),
  ];
}
