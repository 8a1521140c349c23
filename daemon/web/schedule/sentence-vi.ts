import { durationWords } from './duration.ts';
import type { Keep, SentenceWords } from './sentence.ts';

const DAYS: Readonly<Record<string, string>> = {
  mon: 'vào mỗi Thứ Hai',
  tue: 'vào mỗi Thứ Ba',
  wed: 'vào mỗi Thứ Tư',
  thu: 'vào mỗi Thứ Năm',
  fri: 'vào mỗi Thứ Sáu',
  sat: 'vào mỗi Thứ Bảy',
  sun: 'vào mỗi Chủ nhật',
  spread: 'mỗi tuần một lần, vào một thứ riêng',
};

const list = (items: readonly string[]): string =>
  new Intl.ListFormat('vi', { style: 'long', type: 'conjunction' }).format(items);

function kept(keep: Keep): string {
  const some: string[] = [];
  if (keep.within !== undefined) some.push(`mọi bản trong ${durationWords(keep.within, 'vi')} gần nhất`);
  if (keep.last !== undefined) some.push(`${keep.last} bản mới nhất`);
  if (keep.daily !== undefined) some.push(`mỗi ngày một bản trong ${keep.daily} ngày`);
  if (keep.weekly !== undefined) some.push(`mỗi tuần một bản trong ${keep.weekly} tuần`);
  if (keep.monthly !== undefined) some.push(`mỗi tháng một bản trong ${keep.monthly} tháng`);
  if (keep.yearly !== undefined) some.push(`mỗi năm một bản trong ${keep.yearly} năm`);
  return `; giữ ${list(some)}`;
}

export const vi: SentenceWords = {
  every: ({ every, cron, rrule }) => {
    if (every === 'day' || every === 'P1D') return 'Hằng ngày';
    if (every === 'week') return 'Hằng tuần';
    if (every !== null) return `Cứ ${durationWords(every, 'vi')} một lần`;
    return cron === null ? `Theo quy tắc ${rrule}` : `Vào các thời điểm "${cron}"`;
  },
  window: (from, to) => ` trong khoảng từ ${from} đến ${to}`,
  zone: (zone) => ` giờ ${zone}`,
  fullsAlone: () => ', lần nào cũng là bản đầy đủ',
  fullOn: (day) => `, bản đầy đủ ${DAYS[day] ?? day}`,
  fullEvery: (duration) => `, cứ ${durationWords(duration, 'vi')} một bản đầy đủ`,
  most: (incrementals) => ` hoặc sau ${incrementals} bản tăng dần`,
  keep: (keep) => {
    const isPlain = keep.within !== undefined && Object.values(keep).filter((it) => it !== undefined).length === 1;
    return isPlain ? `, giữ ${durationWords(keep.within ?? '', 'vi')}` : kept(keep);
  },
  keepsAll: () => ', và không bao giờ xóa bản nào',
};
