import type { Sentences } from '../sentences.ts';

export const instance: Sentences['instance'] = {
  newest: 'Điểm khôi phục mới nhất',
  next: 'Lần sao lưu tới',
  policy: 'Chính sách',
  datastore: 'Loại cơ sở dữ liệu',
  status: 'Trạng thái trong Trove',
  id: 'Mã',
  gone: 'Instance không còn nữa từ',
  marked: (n) => `${n} bản sao lưu đã được đánh dấu và sắp bị xóa.`,
};
