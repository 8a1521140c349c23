import { expect, test } from 'vitest';
import type { PolicyValues } from '../../../daemon/http/contract/schedule.ts';
import { sentenceOf } from '../../../daemon/web/schedule/sentence.ts';
import { VALUES } from '../../page/lab/world/schedule.ts';

const rows: readonly (readonly [Partial<PolicyValues>, string, string])[] = [
  [
    {},
    'Every day between 22:00 and 06:00 Asia/Ho_Chi_Minh, a full each Sunday or after 6 incrementals, kept 7 days.',
    'Hằng ngày trong khoảng từ 22:00 đến 06:00 giờ Asia/Ho_Chi_Minh, bản đầy đủ vào mỗi Chủ nhật hoặc sau 6 bản tăng dần, giữ 7 ngày.',
  ],
  [
    { every: 'PT6H', window: null, full_on: null, keep: null },
    'Every 6 hours, a full every 7 days or after 6 incrementals, and nothing is ever deleted.',
    'Cứ 6 giờ một lần, cứ 7 ngày một bản đầy đủ hoặc sau 6 bản tăng dần, và không bao giờ xóa bản nào.',
  ],
  [
    { every: 'week', max_incrementals: 0, keep: { within: 'PT36H', daily: 7, weekly: 4, monthly: 12 } },
    'Every week between 22:00 and 06:00 Asia/Ho_Chi_Minh, each a full; it keeps all of the last 1 day 12 hours, one a day for 7 days, one a week for 4 weeks, and one a month for 12 months.',
    'Hằng tuần trong khoảng từ 22:00 đến 06:00 giờ Asia/Ho_Chi_Minh, lần nào cũng là bản đầy đủ; giữ mọi bản trong 1 ngày 12 giờ gần nhất, mỗi ngày một bản trong 7 ngày, mỗi tuần một bản trong 4 tuần và mỗi tháng một bản trong 12 tháng.',
  ],
  [
    { every: null, cron: '30 2 * * mon-fri', window: null, full_on: 'spread', keep: { last: 5, yearly: 1 } },
    'At the times of "30 2 * * mon-fri" Asia/Ho_Chi_Minh, a full once a week, on a weekday of its own or after 6 incrementals; it keeps the newest 5 and one a year for 1 year.',
    'Vào các thời điểm "30 2 * * mon-fri" giờ Asia/Ho_Chi_Minh, bản đầy đủ mỗi tuần một lần, vào một thứ riêng hoặc sau 6 bản tăng dần; giữ 5 bản mới nhất và mỗi năm một bản trong 1 năm.',
  ],
  [
    { every: null, rrule: 'FREQ=MONTHLY', window: null, max_incrementals: 1 },
    'By the rule FREQ=MONTHLY Asia/Ho_Chi_Minh, a full each Sunday or after 1 incremental, kept 7 days.',
    'Theo quy tắc FREQ=MONTHLY giờ Asia/Ho_Chi_Minh, bản đầy đủ vào mỗi Chủ nhật hoặc sau 1 bản tăng dần, giữ 7 ngày.',
  ],
];

test('intervals of seconds are told as that, and none is of 0 minutes', () => {
  const told = (every: string) => sentenceOf({ ...VALUES, every, window: null }, 'en')[0]?.text;
  expect(['PT6S', 'PT90S', 'PT1H0.5S'].map(told)).toEqual([
    'Every 6 seconds',
    'Every 1 minute 30 seconds',
    'Every 1 hour',
  ]);
});

test.each(rows)('a schedule in words: %o', (more, en, vi) => {
  const words = (language: 'en' | 'vi') =>
    sentenceOf({ ...VALUES, ...more }, language)
      .map(({ text }) => text)
      .join('');
  expect(words('en')).toBe(en);
  expect(words('vi')).toBe(vi);
});

test('each value is a part of its own, so that its source can be told', () => {
  const fields = sentenceOf(VALUES, 'en').map(({ field }) => field);
  expect(fields).toEqual(['every', 'window', 'zone', 'full_on', 'max_incrementals', 'keep', null]);
});
