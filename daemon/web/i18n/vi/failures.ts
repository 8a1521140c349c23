import type { Sentences } from '../sentences.ts';

export const failures: Sentences['failures'] = {
  unreachable: 'Không kết nối được dịch vụ.',
  unreachableHint: 'Hãy kiểm tra kết nối mạng. Những gì bạn đã gõ vẫn còn đây.',
  notUnderstood: ({ status }) => `Một máy chủ trung gian đã trả lời với mã ${status}.`,
  titles: {
    invalid: 'Dịch vụ không chấp nhận nội dung đã nhập.',
    unauthorized: 'Bạn chưa đăng nhập, hoặc phiên đã hết hạn.',
    forbidden: 'Vai trò của bạn không cho phép việc này.',
    'not-found': 'Đối tượng này không có, hoặc không còn nữa.',
    changed: 'Nội dung này vừa được thay đổi.',
    'cloud-unavailable': 'Đám mây hiện không trả lời; chưa có gì bị thay đổi.',
    'shut-out': 'Dịch vụ không có quyền làm việc trong dự án này.',
    'too-many-requests': 'Quá nhiều yêu cầu trong thời gian ngắn.',
    internal: 'Thao tác thất bại do lỗi của dịch vụ.',
    other: 'Dịch vụ từ chối thao tác này.',
  },
};
