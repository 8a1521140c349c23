import type { Sentences } from '../sentences.ts';

export const states: Sentences['states'] = {
  protection: {
    protected: 'Được bảo vệ',
    late: 'Trễ',
    unprotected: 'Chưa bảo vệ',
    paused: 'Tạm dừng',
    excluded: 'Loại trừ',
  },
  run: {
    claimed: 'Đang bắt đầu',
    intent: 'Đang bắt đầu',
    unknown: 'Mất trả lời',
    running: 'Đang chạy',
    completed: 'Hoàn thành',
    failed: 'Thất bại',
    skipped: 'Bỏ qua',
    credited: 'Được tính',
    missed: 'Bị lỡ',
    expired: 'Quá giờ',
    aborted: 'Bị hủy',
  },
};
