import { say } from '../../../i18n/language.ts';
import type { Look } from './look.ts';
import { Sign } from './mark.tsx';

const PLAIN: Look = { shape: 'square', state: 'kept', isForeign: false, isHeld: false, periods: [] };
const SIGNS = {
  square: PLAIN,
  circle: { ...PLAIN, shape: 'circle' },
  diamond: { ...PLAIN, shape: 'diamond', isForeign: true },
  triangle: { ...PLAIN, shape: 'triangle', isForeign: true },
  held: { ...PLAIN, isHeld: true },
  going: { ...PLAIN, state: 'going' },
  removable: { ...PLAIN, state: 'removable' },
  running: { ...PLAIN, shape: 'circle', state: 'running' },
  failed: { ...PLAIN, state: 'failed' },
  unusable: { ...PLAIN, shape: 'circle', state: 'unusable' },
} as const satisfies Readonly<Record<string, Look>>;
const NAMES = Object.keys(SIGNS) as readonly (keyof typeof SIGNS)[];

/** What each sign means, drawn by what draws the signs themselves. */
export function Legend() {
  const { legend, signs, letters, periods } = say.value.chains;
  return (
    <details class="signs">
      <summary>{legend}</summary>
      <ul>
        {NAMES.map((name) => (
          <li key={name}>
            <svg width={26} height={30} viewBox="-13 -15 26 30" aria-hidden="true" class="chains">
              <Sign look={SIGNS[name]} />
            </svg>
            {signs[name]}
          </li>
        ))}
        <li>
          <svg width={26} height={30} viewBox="-13 -15 26 30" aria-hidden="true" class="chains">
            <g class="ghosts">
              <circle r={6} />
            </g>
          </svg>
          {signs.ghost}
        </li>
        {(['daily', 'weekly', 'monthly', 'yearly'] as const).map((period) => (
          <li key={period}>
            <b class="letter">{letters[period]}</b>
            {periods[period]}
          </li>
        ))}
      </ul>
    </details>
  );
}
