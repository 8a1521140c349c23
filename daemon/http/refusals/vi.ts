import type { Sentences } from './catalogue.ts';

const utc = (instant: number): string => new Date(instant).toISOString();

export const vi: Sentences = {
  'signed-out': ({ detail }) => [`OpenStack không chấp nhận token này: ${detail}`, 'hãy đăng nhập lại'],
  'forbidden-by-cloud': ({ detail }) => [
    `OpenStack không cho phép: ${detail}`,
    'hãy xin quản trị viên của dự án một vai trò được phép làm việc này trong Trove',
  ],
  'not-found-in-cloud': ({ detail }) => [`OpenStack không tìm thấy: ${detail}`, 'hãy xem lại danh sách'],
  'quota-full': ({ detail }) => [
    `Hạn mức của dự án đã đầy: ${detail}`,
    'hãy xóa những gì không cần, hoặc xin nhà vận hành tăng hạn mức',
  ],
  'rate-limited': ({ detail }) => [
    `Dự án đã gửi quá nhiều yêu cầu tới Trove: ${detail}`,
    'hãy chờ hết thời gian trong Retry-After rồi thử lại',
  ],
  busy: ({ detail }) => [
    `Trove đang bận với đối tượng này: ${detail}`,
    'hãy thử lại khi thao tác đang chạy trên instance hoặc bản sao lưu đã kết thúc',
  ],
  'conflict-in-cloud': ({ detail }) => [
    `Yêu cầu không khớp với trạng thái hiện có: ${detail}`,
    'hãy xem lại rồi quyết định',
  ],
  'refused-by-cloud': ({ detail }) => [`Trove từ chối yêu cầu: ${detail}`, 'hãy sửa phần được nêu'],
  'storage-unavailable': ({ detail }) => [
    `Không truy cập được kho đối tượng chứa các bản sao lưu: ${detail}`,
    'hãy thử lại sau; nếu vẫn vậy, hãy báo nhà vận hành. Chưa có gì thay đổi',
  ],
  'no-endpoint': ({ detail }) => [`Danh mục của OpenStack không chỉ tới đâu: ${detail}`, 'hãy báo nhà vận hành'],
  'no-answer': ({ detail }) => [`OpenStack không trả lời rõ ràng: ${detail}`, 'hãy thử lại; chưa có gì thay đổi'],
  'outcome-unknown': ({ detail }) => [
    `Câu trả lời đã bị mất: ${detail}`,
    'yêu cầu có thể đã được thực hiện, hoặc sẽ được thực hiện; hãy xem danh sách trước khi gửi lại',
  ],
  'has-descendants': ({ backup, count }) => [
    `Có ${count} bản sao lưu dựa trên bản ${backup} và sẽ bị xóa theo`,
    'xem chúng trong details; thêm cascade=true để xóa tất cả',
  ],
  held: ({ backup, owner, note }) => [
    `Bản sao lưu ${backup} đang được ${owner} giữ lại: ${note}`,
    `hãy bỏ giữ trước: DELETE /v1/backups/${backup}/hold`,
  ],
  running: ({ backup, status }) => [
    `Bản sao lưu ${backup} đang được tạo (${status})`,
    'hãy chờ đến khi xong; Trove không xóa bản đang chạy',
  ],
  going: ({ backup }) => [
    `Đã có yêu cầu xóa bản sao lưu ${backup}`,
    'hãy chờ: nó sẽ mất ngay khi Trove thực hiện yêu cầu; nếu sau một ngày vẫn còn, hãy yêu cầu lại',
  ],
  unreadable: ({ backup, field }) => [
    `Không đọc được bản sao lưu ${backup} (${field}); nó có thể dựa trên bản này`,
    'hãy xem nó bằng lệnh openstack, rồi xóa hoặc sửa nó ở đó trước',
  ],
  'newest-recovery-point': ({ backup, leftUtc }) => [
    leftUtc === null
      ? `Xóa bản sao lưu ${backup} sẽ làm mất điểm khôi phục cuối cùng của instance: không còn gì để khôi phục`
      : `Xóa bản sao lưu ${backup} sẽ làm mất điểm khôi phục mới nhất của instance; điểm mới nhất còn lại là lúc ${utc(leftUtc)}`,
    'hãy sao lưu ngay trước đã, hoặc thêm confirm=newest-recovery-point',
  ],
  'project-busy': () => ['Một thay đổi khác của dự án đang được gửi tới Trove', 'hãy thử lại sau giây lát'],
  'not-managed': ({ backup }) => [
    `Bản sao lưu ${backup} không do dịch vụ này tạo, nên dịch vụ không bao giờ xóa nó`,
    'không cần giữ nó lại: chỉ thành viên của dự án mới xóa được',
  ],
  'not-held': ({ backup }) => [`Bản sao lưu ${backup} không được giữ lại trong dự án của bạn`, 'hãy xem lại danh sách'],
  'not-marked': ({ backup }) => [
    `Bản sao lưu ${backup} không bị đánh dấu để xóa`,
    `để giữ nó lâu hơn chính sách, hãy giữ nó lại: PUT /v1/backups/${backup}/hold`,
  ],
  'not-restorable': ({ because }, tell) => [
    `Không thể khôi phục từ bản sao lưu này. ${tell(because)}`,
    'hãy chọn bản có is_recovery_point là true',
  ],
  'volume-too-small': ({ givenGb, leastGb }) => [
    `Ổ đĩa ${givenGb} GB không chứa được bản sao lưu này, vốn cần ${leastGb} GB`,
    `hãy đặt volume_size_gb từ ${leastGb} trở lên`,
  ],
  'volume-size-needed': () => [
    'Instance của bản sao lưu này không còn, ổ đĩa của nó cũng vậy',
    'hãy cho biết volume_size_gb',
  ],
  'no-datastore': ({ backup }) => [
    `Phiên bản cơ sở dữ liệu của bản sao lưu ${backup} không còn`,
    'hãy nhờ nhà vận hành đưa nó trở lại Trove',
  ],
  'no-flavor': ({ id }) => [
    `Không có flavor ${id} cho cơ sở dữ liệu này`,
    'hãy chọn một cái trong GET /v1/backups/ID/restore',
  ],
  'no-network': ({ id }) => [
    `Không có mạng ${id} mà dự án của bạn dùng được`,
    'hãy chọn một mạng trong GET /v1/backups/ID/restore',
  ],
  'restore-unknown': () => [
    'Yêu cầu khôi phục này đã được gửi trước đó, nhưng câu trả lời bị mất: instance mới có thể đã có, hoặc sẽ có',
    'hãy xem danh sách instance; nếu nó không xuất hiện, hãy gửi lại với một Idempotency-Key khác',
  ],
  'not-taken': ({ because }, tell) => [tell(because), 'hãy thay đổi điều được nêu trước'],
  'clock-doubtful': ({ because }, tell) => [tell(because), 'hãy thử lại sau một phút; chưa có gì thay đổi'],
  'already-waiting': ({ because }, tell) => [tell(because), 'hãy chờ lần chạy đó, hoặc hủy nó: DELETE /v1/runs/ID'],
  'key-reused': ({ because }, tell) => [
    because ? tell(because) : 'Idempotency-Key này đã được gửi trước đó, kèm một yêu cầu khôi phục có nội dung khác',
    'hãy gửi một Idempotency-Key khác',
  ],
  'bad-key': () => ['Idempotency-Key không gồm 1 đến 255 ký tự hiển thị được', 'hãy gửi một UUID ngẫu nhiên'],
  'too-late': ({ run, state }) => [
    `Lần chạy ${run} đang ở trạng thái ${state} và không hủy được nữa`,
    'chỉ hủy được yêu cầu chưa gửi gì đi; hãy xóa bản sao lưu của nó khi nó xong',
  ],
};
