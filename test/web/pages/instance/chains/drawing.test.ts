import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackupView } from '../../../../../daemon/http/contract/backup.ts';
import { type Drawing, draw, sizesOf } from '../../../../../daemon/web/pages/instance/chains/drawing.ts';
import type { Range } from '../../../../../daemon/web/pages/instance/chains/range.ts';
import { backup, chainsOf } from '../../../../page/lab/world/backups.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 30);
const QUARTER: Range = { from: NOW - 90 * DAY, to: NOW };

/** Each row is [hours after the one before, how far back its parent lies; 0: a full]. */
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 4 }), fc.boolean()), {
  minLength: 1,
  maxLength: 200,
});

function backupsOf(rows: readonly (readonly [number, number, boolean])[]): readonly BackupView[] {
  let at = NOW - 85 * DAY;
  const made: BackupView[] = [];
  for (const [index, [hours, back, isForeign]] of rows.entries()) {
    at += hours * 3_600_000;
    const parent_id = back === 0 ? null : (made[index - back]?.id ?? null);
    made.push(
      backup(`b${String(index).padStart(3, '0')}`, at, { parent_id, origin: isForeign ? 'foreign' : 'scheduled' }),
    );
  }
  return made;
}

/** Pairs of marks that touch, and lines that run through the mark of another. */
function clashes({ marks, lines }: Drawing, apart: number): readonly string[] {
  const found: string[] = [];
  for (const [index, a] of marks.entries()) {
    for (const b of marks.slice(index + 1)) {
      if (a.y === b.y && Math.abs(a.x - b.x) < apart - 1e-6) found.push(`${a.backup.id} on ${b.backup.id}`);
    }
  }
  for (const { id, from, to } of lines) {
    const parent = marks.find(({ backup: { id: own } }) => own === id)?.backup.parent_id;
    const inWay = marks.filter(
      ({ backup: it, x, y }) =>
        y === to[1] && x > from[0] + 1e-6 && x < to[0] - 1e-6 && it.id !== id && it.id !== parent,
    );
    found.push(...inWay.map(({ backup: it }) => `line to ${id} through ${it.id}`));
  }
  return found;
}

test.each([320, 640, 1280])(
  'at %i px no mark lies on another, and no line runs through one, whatever the backups',
  (width) => {
    const sizes = sizesOf(width);
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 120 }), (rows, days) => {
        const backups = backupsOf(rows);
        const range = { from: NOW - 85 * DAY, to: NOW - 85 * DAY + days * DAY };
        const drawing = draw(backups, chainsOf(backups), [], range, sizes);
        expect(clashes(drawing, sizes.apart)).toEqual([]);
        expect(drawing.marks.length + drawing.earlier + drawing.later).toBe(backups.length);
        for (const { lane, x, y } of drawing.marks) {
          const { top, height } = drawing.lanes[lane] ?? { top: 0, height: 0 };
          expect(x >= drawing.left - 1e-6 && x <= drawing.right + 1e-6 && y > top && y < top + height).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  },
);

test('lanes follow each other without a gap, and end where the drawing ends', () => {
  const backups = backupsOf([
    [0, 0, false],
    [24, 1, false],
    [24, 0, false],
    [24, 1, false],
    [1, 0, true],
  ]);
  const { lanes, height } = draw(backups, chainsOf(backups), [], QUARTER, sizesOf(900));
  let top = sizesOf(900).axisHeight;
  for (const lane of lanes) {
    expect(lane.top).toBe(top);
    top += lane.height;
  }
  expect(top).toBe(height);
  expect(lanes.map(({ lane }) => lane.kind)).toEqual(['chain', 'chain', 'foreign-alone']);
});

test('what goes on from the newest stays in its row; a branch has one of its own, and its line begins at its parent', () => {
  const backups = [
    backup('full', NOW - 9 * DAY),
    backup('one', NOW - 7 * DAY, { parent_id: 'full' }),
    backup('two', NOW - 5 * DAY, { parent_id: 'one' }),
    backup('branch', NOW - 3 * DAY, { parent_id: 'full' }),
  ];
  const { marks, lines } = draw(backups, chainsOf(backups), [], { from: NOW - 10 * DAY, to: NOW }, sizesOf(900));
  const at = Object.fromEntries(marks.map(({ backup: { id }, x, y }) => [id, [x, y] as const]));
  expect(at['one']?.[1]).toBe(at['full']?.[1]);
  expect(at['two']?.[1]).toBe(at['full']?.[1]);
  expect(at['branch']?.[1]).toBeGreaterThan(at['full']?.[1] ?? Number.POSITIVE_INFINITY);
  expect(lines.find(({ id }) => id === 'branch')).toMatchObject({ from: at['full'], to: at['branch'] });
});

test('200 fulls in 90 days stay readable on a phone: no higher than a screen', () => {
  const backups = Array.from({ length: 200 }, (_, index) => backup(`b${index}`, NOW - 90 * DAY + index * 0.45 * DAY));
  const sizes = sizesOf(320);
  const { lanes, marks, height } = draw(backups, chainsOf(backups), [], QUARTER, sizes);
  expect([lanes.length, marks.length]).toEqual([1, 200]);
  expect(height).toBeLessThan(640);
});

test('slots to come lie above all others, and not on each other', () => {
  const slots = Array.from({ length: 10 }, (_, n) => ({ at: new Date(NOW + n * DAY).toISOString(), kind: null }));
  const backups = [backup('full', NOW - DAY)];
  const { ghosts, ghostLane, lanes } = draw(
    backups,
    chainsOf(backups),
    slots,
    { from: NOW - 20 * DAY, to: NOW + 6.5 * DAY },
    sizesOf(320),
  );
  expect(ghosts.map(({ slot }) => slot.at)).toEqual(slots.slice(0, 7).map(({ at }) => at));
  expect(lanes[0]?.top).toBe(sizesOf(320).axisHeight + (ghostLane?.height ?? 0));
  for (const [index, a] of ghosts.entries()) {
    for (const b of ghosts.slice(index + 1))
      expect(a.y !== b.y || Math.abs(a.x - b.x) >= sizesOf(320).apart).toBe(true);
  }
});

test('what stands on something before the range is joined to the left edge', () => {
  const backups = [backup('full', NOW - 20 * DAY), backup('one', NOW - 2 * DAY, { parent_id: 'full' })];
  const drawing = draw(backups, chainsOf(backups), [], { from: NOW - 5 * DAY, to: NOW }, sizesOf(900));
  expect([drawing.earlier, drawing.later, drawing.marks.length]).toEqual([1, 0, 1]);
  expect(drawing.lines[0]?.from[0]).toBe(drawing.left);
});

test.each([320, 390, 640, 900, 1440])('at %i px no word of the time axis touches another', (width) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 23 }), (days, hour) => {
      const from = NOW - days * DAY + hour * 3_600_000;
      const { ticks, xOf, left, right, isNarrow } = draw([], [], [], { from, to: NOW }, sizesOf(width));
      const wide = isNarrow ? 72 : 104;
      // At an edge a word begins or ends at its line.
      const begins = ticks
        .map(Number)
        .map(xOf)
        .map((x) => (x < left + 30 ? x : x > right - 30 ? x - wide : x - wide / 2));
      for (const [n, x] of begins.entries()) expect(x - (begins[n - 1] ?? -wide)).toBeGreaterThanOrEqual(wide - 1e-6);
    }),
  );
});
