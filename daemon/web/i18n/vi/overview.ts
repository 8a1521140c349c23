import { plural } from '../plural.ts';
import type { Sentences } from '../sentences.ts';

export const overview: Sentences['overview'] = {
  all: ({ n }) => `Tất cả ${plural('vi', n, { other: '#' })} instance đều được bảo vệ.`,
  some: ({ n, of }) =>
    `${plural('vi', n, { other: '#' })} trên ${plural('vi', of, { other: '# instance' })} cần được chú ý.`,
  none: 'Chưa có instance nào.',
  noneHint:
    'Hãy tạo một instance trong Trove: vài phút sau nó sẽ hiện ở đây cùng lịch sao lưu, rồi có bản sao lưu đầu tiên.',
  outside: ({ n }) => `${plural('vi', n, { other: '# instance' })} đang tạm dừng hoặc bị loại trừ.`,
  asOf: 'Tính đến',
  byState: 'Instance theo trạng thái',
  attention: 'Cần chú ý',
  attentionNone: 'Không có gì cần chú ý',
  attentionNoneHint: 'Mọi instance có lịch sao lưu đều có điểm khôi phục mới.',
  attentionMore: ({ n }) => plural('vi', n, { other: 'Xem thêm # instance' }),
  newest: 'Điểm khôi phục mới nhất',
  noPoint: 'Chưa có điểm khôi phục',
  load: 'Số bản sao lưu bắt đầu trong 24 giờ tới',
  loadSum: ({ n }) => plural('vi', n, { other: '# lần bắt đầu' }),
  failures: 'Lý do sao lưu thất bại trong 7 ngày qua',
  failuresNone: 'Không có lần sao lưu nào thất bại trong 7 ngày qua.',
  failureRuns: ({ n }) => plural('vi', n, { other: '# lần' }),
  oldest: 'Điểm khôi phục cũ nhất',
  oldestNone: 'Chưa có điểm khôi phục nào.',
  quota: 'Hạn mức',
  instance: 'Instance',
  state: 'Trạng thái',
  age: 'Tuổi',
};

export const mend: Sentences['mend'] = {
  'back-up-now': 'Sao lưu ngay',
  resume: 'Tiếp tục',
  'opt-in': 'Bật lại',
  'raise-quota': 'Hãy xin người vận hành tăng hạn mức này.',
  'grant-role': 'Hãy nhờ người vận hành cấp vai trò cho dịch vụ trong dự án này.',
  'look-at-trove': 'Hãy kiểm tra instance này trong Trove.',
  wait: 'Sẽ tự khắc phục; bạn không cần làm gì.',
  details: 'Chi tiết',
  backupAsked: ({ name }) => `Đã yêu cầu sao lưu ${name}.`,
  resumed: ({ name }) => `${name} được sao lưu trở lại.`,
};
