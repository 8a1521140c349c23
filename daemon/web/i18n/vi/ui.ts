import type { Sentences } from '../sentences.ts';

export const ui: Sentences['ui'] = {
  close: 'Đóng',
  cancel: 'Hủy',
  confirm: 'Xác nhận',
  dismiss: 'Bỏ qua',
  loading: 'Đang tải…',
  never: 'chưa bao giờ',
  none: 'không có',
  requestId: ({ id }) => `Mã yêu cầu: ${id}`,
  details: 'Chi tiết',
  changedMeanwhile: 'Nội dung này vừa được người khác thay đổi.',
  keepMine: 'Giữ những gì tôi đã gõ',
  takeTheirs: 'Hiện nội dung đang lưu',
  notices: 'Thông báo',
  ascending: 'tăng dần',
  descending: 'giảm dần',
};
