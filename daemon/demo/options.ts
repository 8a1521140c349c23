import { parseArgs } from 'node:util';
import type { Language } from '../../lib/core/index.ts';

export interface DemoOptions {
  /** Simulated days. */
  readonly days: number;
  /** Real minutes they take. */
  readonly minutes: number;
  /** Goes on after the last day, until Ctrl-C. */
  readonly forever: boolean;
  readonly language: Language;
  /** Whether to start a RabbitMQ, where there is one. */
  readonly bus: boolean;
}

export const USAGE = `npm run demo -- [options]

  --days N          simulated days (12)
  --minutes N       real minutes they take (2)
  --forever         go on at that pace until Ctrl-C
  --language en|vi  the language of the sentences (en)
  --no-bus          without RabbitMQ, by the periodic look alone
  --help
`;

const FORM = {
  days: { type: 'string', default: '12' },
  minutes: { type: 'string', default: '2' },
  forever: { type: 'boolean', default: false },
  language: { type: 'string', default: 'en' },
  bus: { type: 'boolean', default: true },
  help: { type: 'boolean', default: false },
} as const;

/** null asks for the usage. @throws with one sentence for what cannot be understood. */
export function parseOptions(args: readonly string[]): DemoOptions | null {
  const { values } = parseArgs({ args: [...args], options: FORM, allowNegative: true });
  const { forever, language, bus, help } = values;
  if (help) return null;
  if (language !== 'en' && language !== 'vi') throw new Error(`--language ${language}: choose en or vi`);
  const days = positive('days', values.days, 60);
  return { days, minutes: positive('minutes', values.minutes, 1440), forever, language, bus };
}

function positive(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= most) return value;
  throw new Error(`--${name} ${text}: give a number above 0, at most ${most}`);
}
