import { describe, expect, test } from 'vitest';
import { drawChains } from '../../daemon/demo/chains.ts';
import { eventLines } from '../../daemon/demo/events.ts';
import type { EventLine, Mark, Picture, Standing } from '../../daemon/demo/picture.ts';
import type { Speech } from '../../daemon/demo/sentences.ts';
import { span, textOf, widthOf } from '../../daemon/demo/text.ts';
import { view } from '../../daemon/demo/view.ts';
import { wordsOf } from '../../daemon/demo/words/index.ts';
import { because } from '../../lib/core/index.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 19, 12);
const english: Speech = { language: 'en', words: wordsOf('en'), nameOf: (id) => id.slice(0, 8) };
const vietnamese: Speech = { ...english, language: 'vi', words: wordsOf('vi') };

/** `F` and `i` are completed; `f`, `n` failed full and incremental; `R`, `r` running; `-` a slot without a backup. */
const MARKS: Readonly<Record<string, Mark>> = {
  F: { kind: 'full', state: 'completed' },
  i: { kind: 'incremental', state: 'completed' },
  f: { kind: 'full', state: 'failed' },
  n: { kind: 'incremental', state: 'failed' },
  R: { kind: 'full', state: 'running' },
  r: { kind: 'incremental', state: 'running' },
  '-': { kind: 'undecided', state: 'none' },
};
const marks = (letters: string): readonly Mark[] => [...letters].flatMap((letter) => MARKS[letter] ?? []);

describe('chains are drawn as they are linked', () => {
  test.each([
    ['nothing yet', '', 20, 1, ''],
    ['one full', 'F', 20, 1, '●'],
    ['a full and its incrementals', 'Fii', 20, 1, '●─○─○'],
    ['with more room, wider', 'Fii', 20, 2, '●──○──○'],
    ['a second chain stands apart', 'FiiFi', 20, 1, '●─○─○ ●─○'],
    ['full only', 'FFF', 20, 1, '● ● ●'],
    ['what runs hangs on its parent', 'Fir', 20, 1, '●─○─◐'],
    ['a running full begins anew', 'FiR', 20, 1, '●─○ ◐'],
    ['a failed incremental, then a full', 'FinF', 20, 1, '●─○─✗ ●'],
    ['a slot without a backup', 'Fi-i', 20, 1, '●─○ ·─○'],
    ['as much as just fits', 'Fiii', 7, 1, '●─○─○─○'],
    ['the oldest is cut off', 'Fiii', 6, 1, '…─○─○'],
    ['no room at all', 'Fiii', 1, 1, '…'],
  ])('%s', (_, letters, width, links, drawn) => {
    expect(textOf(drawChains(marks(letters), width, links, 0))).toBe(drawn);
  });

  test('what runs turns', () => {
    const turns = [0, 1, 2, 3, 4].map((turn) => textOf(drawChains(marks('R'), 5, 1, turn)));
    expect(turns).toEqual(['◐', '◓', '◑', '◒', '◐']);
  });
});

test.each([
  [0, '0m'],
  [59 * 60_000, '59m'],
  [HOUR, '1h'],
  [5 * HOUR + 12 * 60_000, '5h 12m'],
  [24 * HOUR, '1d'],
  [75 * HOUR, '3d 3h'],
])('a span of %i ms is %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

const standing = (name: string, its: Partial<Standing> = {}): Standing => ({
  name,
  datastore: 'mysql',
  policy: 'daily',
  because: null,
  gone: false,
  marks: [],
  nextSlotUtc: null,
  newestPointUtc: null,
  late: false,
  ...its,
});

const event = (hours: number, subject: string, text: string): EventLine => ({
  atUtc: START + hours * HOUR,
  subject,
  text,
  tone: 'plain',
});

const NOW = START + 58 * HOUR;
const picture: Picture = {
  startUtc: START,
  nowUtc: NOW,
  days: 12,
  scale: 8640,
  bus: true,
  pageUrl: 'http://127.0.0.1:8780/',
  projects: [
    {
      name: 'bank',
      instances: [
        standing('reports', {
          marks: marks('Fin'),
          nextSlotUtc: NOW + 5 * HOUR,
          newestPointUtc: NOW - 40 * HOUR,
          late: true,
        }),
        standing('old-forum', { gone: true, marks: marks('F'), newestPointUtc: NOW - 30 * HOUR }),
        standing('brand-new', { policy: null }),
      ],
    },
    {
      name: 'lab',
      instances: [standing('scratch', { policy: null, because: because('excluded-project', { project: 'lab' }) })],
    },
  ],
  events: [
    event(50, 'lab/scratch', 'The operator excluded project lab.'),
    event(
      57,
      'bank/reports',
      'Incremental 1 of at most 6, on the newest recovery point 1a2b3c4d, which is a long story.',
    ),
  ],
  totals: { full: 2, incremental: 1, failed: 1, late: 1 },
};

test('the screen of 80 columns', () => {
  const lines = view(picture, { columns: 80, rows: 18, turn: 0 }, english).map((line) => textOf(line).trimEnd());
  expect(lines).toEqual([
    ' trove-autobackup · demo               day 3 of 12 · Wed, 21 Oct 2026 22:00 UTC',
    ' ━━━━━━━━━━━─────────────────────────────────────────── 1 s = 2h 24m · RabbitMQ',
    '   instance   policy  backups                                     next   newest',
    ' bank',
    '   reports    daily   ●─○─✗                                      in 5h   1d 16h',
    '   old-forum  daily   ●                                        deleted    1d 6h',
    '   brand-new  –       not seen yet',
    ' lab',
    '   scratch    –       The operator excluded project lab.',
    ' What happens ─────────────────────────────────────────────────────────────────',
    ' 21 Oct 14:00 lab/scratch The operator excluded project lab.',
    ' 21 Oct 21:00 bank/reports Incremental 1 of at most 6, on the newest recovery',
    '              point 1a2b3c4d, which is a long story.',
    '',
    '',
    '',
    ' 3 backups: 2 full, 1 incremental · 1 failed · 1 late    http://127.0.0.1:8780/',
    ' ● full  ○ incremental  ◐ running  ✗ failed  · no backup            Ctrl-C ends',
  ]);
});

test.each([
  ['80 × 24', 80, 24, english],
  ['100 × 30', 100, 30, english],
  ['160 × 50', 160, 50, english],
  ['much too small', 40, 8, english],
  ['80 × 24 in Vietnamese', 80, 24, vietnamese],
])('the lines fill the screen exactly: %s', (_, columns, rows, speech) => {
  const lines = view(picture, { columns, rows, turn: 0 }, speech);
  expect(lines).toHaveLength(rows);
  expect(new Set(lines.map(widthOf))).toEqual(new Set([columns]));
});

test('of many events the newest are shown, each whole', () => {
  const events = [1, 2, 3].map((hours) => event(hours, 'a/b', `${'word '.repeat(10)}${hours}`));
  const lines = eventLines(events, { width: 40, room: 8 }, english).map(textOf);
  expect(lines).toEqual([
    ' 19 Oct 14:00 a/b word word word word',
    '              word word word word word',
    '              word 2',
    ' 19 Oct 15:00 a/b word word word word',
    '              word word word word word',
    '              word 3',
  ]);
});
