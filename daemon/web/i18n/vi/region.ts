import { plural } from '../plural.ts';
import type { Sentences } from '../sentences.ts';

export const region: Sentences['region'] = {
  title: 'Vùng',
  well: ({ n }) => `Tất cả ${plural('vi', n, { other: '#' })} instance trong vùng đều được bảo vệ.`,
  some: ({ n, of }) =>
    `${plural('vi', n, { other: '#' })} trên ${plural('vi', of, { other: '#' })} instance trong vùng cần được chú ý.`,
  health: 'Tình trạng',
  good: 'Tốt',
  bad: 'Có sự cố',
  parts: {
    tasks: 'Công việc',
    log: 'Nhật ký',
    store: 'Kho dữ liệu',
    clock: 'Đồng hồ',
    cloud: 'Keystone và Trove',
    bus: 'Kênh thông báo',
  },
  works: {
    tasks: 'Mọi việc đều đang chạy.',
    log: 'Mọi diễn biến đều được ghi lại.',
    store: 'Đọc và ghi được.',
    clock: 'Khớp với đồng hồ của đám mây.',
    cloud: 'Đang trả lời.',
    bus: 'Đang được lắng nghe.',
  },
  fails: {
    tasks: 'Một phần công việc đã dừng và đang được khởi động lại; những việc đến hạn phải chờ.',
    log: 'Không ghi lại được gì.',
    store: 'Không ghi được: không yêu cầu sao lưu và không xóa gì.',
    clock: 'Thời gian đáng ngờ: không có gì đến hạn và không xóa gì cho đến khi đồng hồ đúng trở lại.',
    cloud: 'Không xem được: những gì đã biết có thể đã cũ.',
    bus: 'Không được lắng nghe: instance mới chỉ được thấy nhờ rà soát định kỳ, chậm vài phút.',
  },
  starts: 'Thời điểm sao lưu bắt đầu trong 7 ngày tới',
  worst: 'Điểm khôi phục đáng lo nhất',
  quota: 'Vướng hạn mức',
  quotaNone: 'Mọi dự án đều đủ hạn mức.',
  projects: 'Các dự án',
  project: 'Dự án',
  instances: 'Số instance',
  states: 'Trạng thái',
  oldest: 'Điểm khôi phục cũ nhất',
};
