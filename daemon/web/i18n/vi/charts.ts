import { plural } from '../plural.ts';
import type { Sentences } from '../sentences.ts';

export const charts: Sentences['charts'] = {
  hour: 'Giờ',
  starts: 'Số lần bắt đầu',
  startsAt: ({ when, n }) => `${when}: ${plural('vi', n, { other: '# lần bắt đầu' })}`,
  few: 'ít',
  many: 'nhiều',
};
