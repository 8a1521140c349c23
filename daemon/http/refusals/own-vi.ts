import type { SentencesOf } from './catalogue.ts';
import type { OwnRefusals } from './own.ts';

const again = ({ seconds }: { readonly seconds: string }): string => `hãy thử lại sau ${seconds} giây`;
const GET_TOKEN = 'hãy lấy token bằng lệnh: openstack token issue; rồi gửi id của nó trong X-Auth-Token';
const CHECK_PROJECT =
  'hãy kiểm tra tên dự án và miền của nó, hoặc xin quản trị viên một vai trò trong đó, chẳng hạn member';
const READ_AGAIN = 'hãy đọc lại bằng GET rồi gửi ETag của câu trả lời đó trong If-Match';
const TOKENS = {
  missing: 'yêu cầu này không kèm token',
  malformed: 'nội dung của X-Auth-Token không phải là token',
  unknown: 'Keystone không biết token này, hoặc nó đã hết hạn hay bị thu hồi',
} as const;
const THINGS = {
  backup: 'bản sao lưu',
  instance: 'instance',
  policy: 'chính sách',
  run: 'lần chạy',
  schedule: 'lịch',
} as const;

export const ownVi: SentencesOf<OwnRefusals> = {
  unauthorized: ({ token }) => [TOKENS[token], GET_TOKEN],
  'access-rules': () => [
    'application credential của token này có quy tắc truy cập (access rules), mà không quy tắc nào dành cho dịch vụ này được',
    'hãy tạo một cái không có quy tắc: openstack application credential create TÊN; --role reader giới hạn những gì nó được làm',
  ],
  'no-project': ({ scope }) => [
    `token này ${scope === 'domain' ? 'thuộc một miền' : 'không có phạm vi'}, còn cơ sở dữ liệu thì thuộc dự án`,
    'hãy lấy token của một dự án: openstack --os-project-name TÊN token issue',
  ],
  'keystone-unavailable': ({ asked, seconds }) =>
    asked === 'sign-in'
      ? ['Keystone hiện không đăng nhập được cho ai', again({ seconds })]
      : ['Keystone hiện không cho biết được token này là của ai', `${again({ seconds })}; chưa có gì thay đổi`],
  'keystone-full': (params) => [
    'Keystone đang được hỏi về nhiều token nhất có thể cùng lúc',
    `${again(params)}; chưa có gì thay đổi`,
  ],
  'sign-in-refused': () => [
    'Keystone không có người dùng nào với mật khẩu này trong miền này',
    'hãy kiểm tra người dùng, miền và mật khẩu; sau quá nhiều lần thử, Keystone có thể đã tạm khóa người dùng',
  ],
  'session-over': () => ['không có phiên nào, hoặc phiên đã kết thúc', 'hãy đăng nhập, hoặc gửi X-Auth-Token'],
  'token-over': () => ['Keystone không biết token này, hoặc nó đã hết hạn hay bị thu hồi', 'hãy đăng nhập lại'],
  'no-role': ({ project, domain }) => [
    `bạn không có vai trò trong dự án ${project === null ? 'mặc định của mình' : `${project}${domain === null ? '' : ` thuộc miền ${domain}`}`}, hoặc không có dự án đó`,
    CHECK_PROJECT,
  ],
  'no-role-anywhere': () => ['bạn không có vai trò trong dự án nào', CHECK_PROJECT],
  'token-of-one-project': () => ['token này chỉ mở được dự án của chính nó', CHECK_PROJECT],
  'no-session': () => [
    'token của riêng bạn không phải là phiên của dịch vụ này',
    'hãy lấy token của dự án kia, hoặc hủy token của mình: openstack token issue, openstack token revoke',
  ],
  'cross-origin': () => [
    'thay đổi này do một trang có nguồn gốc khác yêu cầu',
    'hãy dùng trang của dịch vụ này; proxy ở trước phải chuyển tiếp Host, hoặc X-Forwarded-Host và được tin cậy',
  ],
  csrf: () => [
    'thiếu X-CSRF-Token, hoặc nó không phải của phiên này',
    'hãy gửi csrf mà GET /v1/session cho biết, hoặc gửi X-Auth-Token thay cho cookie',
  ],
  forbidden: ({ project, rule }) => [
    `vai trò của bạn trong dự án ${project} không cho phép ${rule}`,
    'hãy xin quản trị viên của dự án một vai trò được phép, chẳng hạn member',
  ],
  'forbidden-elsewhere': () => [
    'chỉ quản trị viên mới xem được các dự án khác',
    'hãy bỏ all_projects và project_id, hoặc dùng token của dự án kia',
  ],
  'forbidden-region': () => [
    'chỉ quản trị viên mới xem được toàn vùng',
    'hãy xem /v1/overview để biết về dự án của bạn',
  ],
  'forbidden-now': () => [
    'vai trò của bạn không còn cho phép việc này',
    'hãy xin quản trị viên của dự án một vai trò được phép',
  ],
  'too-many-requests': ({ project, seconds }) => [
    `dự án ${project} đã gửi yêu cầu quá thường xuyên`,
    again({ seconds }),
  ],
  'too-many-at-once': ({ project, seconds }) => [`dự án ${project} có quá nhiều yêu cầu cùng lúc`, again({ seconds })],
  'too-many-guesses': (params) => ['quá nhiều token không hợp lệ đã đến từ địa chỉ của bạn', again(params)],
  'too-many-sign-ins': (params) => ['quá nhiều lần thử đăng nhập từ địa chỉ của bạn', again(params)],
  'too-many-switches': (params) => ['bạn đã chuyển qua lại giữa các dự án quá nhiều lần', again(params)],
  'too-many-streams': ({ most, seconds }) => [
    'quá nhiều luồng sự kiện đang mở',
    `hãy đóng bớt trong ${most} luồng của bạn, hoặc ${again({ seconds })}; mọi việc khác vẫn chạy bình thường`,
  ],
  'not-found': ({ what, id }) => [
    `không có ${THINGS[what]} ${id} trong dự án của bạn`,
    'hãy lấy id từ một danh sách của dự án; quản trị viên có thể thêm all_projects=true',
  ],
  'changed-meanwhile': ({ what }) => [`${THINGS[what]} đã được thay đổi từ khi bạn đọc`, READ_AGAIN],
  'if-match-missing': ({ what }) => [
    `thay đổi ${THINGS[what]} cần If-Match, để không thay đổi của ai bị mất`,
    `${READ_AGAIN}; If-Match: * thì thay đổi bất kể đang là gì`,
  ],
  'too-many-runs': ({ most }) => [
    `có hơn ${most} lần chạy`,
    'hãy thu hẹp bằng since_at và until_at, instance_id hoặc state',
  ],
  'no-schedule': ({ because }, tell) => [
    tell(because),
    'instance này không được sao lưu, và thành viên của dự án không thay đổi được điều đó; hãy hỏi người vận hành',
  ],
  'schedule-out-of-bounds': ({ because }, tell) => [
    tell(because),
    'hãy GET lịch này: tenant_may cho biết được thay đổi những gì và đến mức nào',
  ],
  'policy-out-of-bounds': ({ because, over }, tell) => [
    `${over}: ${tell(because)}`,
    'hãy thu hẹp phạm vi chọn, hoặc ở trong mức tenant_may của chính sách bên dưới',
  ],
  'read-only': ({ policy }) => [
    `chính sách ${policy} thuộc cấu hình của người vận hành`,
    'hãy tạo chính sách riêng của dự án, đặt lên trên nó',
  ],
  'name-taken': () => [
    'dự án của bạn đã có chính sách mang tên đó',
    'hãy đặt tên khác, hoặc thay đổi chính sách đó bằng PUT',
  ],
  'too-many-policies': () => [
    'dự án của bạn đã có số chính sách nhiều nhất được phép',
    'hãy xóa bớt, hoặc mở rộng phạm vi chọn của một chính sách khác',
  ],
  'shut-out': ({ because }, tell) => [tell(because), 'hãy đề nghị người vận hành; chưa có gì thay đổi'],
  'cloud-unavailable': ({ because }, tell) => [tell(because), 'hãy thử lại sau một phút; chưa có gì thay đổi'],
  internal: () => [
    'yêu cầu này thất bại do lỗi của dịch vụ',
    'hãy đưa request_id của nó cho người vận hành, người sẽ tìm thấy nó trong nhật ký',
  ],
};
