import type { Period } from '../keep.ts';
import type { Overridable } from '../overrides.ts';
import type { Weekday } from '../policy.ts';
import type { Catalogue } from './catalogue.ts';
import { calendarDay, duration, utc } from './format.ts';

const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Thứ Hai',
  tue: 'Thứ Ba',
  wed: 'Thứ Tư',
  thu: 'Thứ Năm',
  fri: 'Thứ Sáu',
  sat: 'Thứ Bảy',
  sun: 'Chủ nhật',
};

const PERIODS: Readonly<Record<Period, (startDay: number) => string>> = {
  daily: (day) => `hằng ngày của ngày ${calendarDay(day)}`,
  weekly: (day) => `hằng tuần của tuần bắt đầu ngày ${calendarDay(day)}`,
  monthly: (day) => `hằng tháng của tháng bắt đầu ngày ${calendarDay(day)}`,
  yearly: (day) => `hằng năm của năm bắt đầu ngày ${calendarDay(day)}`,
};

const WHAT: Readonly<Record<Overridable | 'enabled' | 'pause', string>> = {
  every: 'khoảng cách giữa các lần',
  window: 'khung giờ',
  zone: 'múi giờ',
  keep: 'những gì được giữ',
  enabled: 'việc có sao lưu hay không',
  pause: 'việc tạm dừng',
};

export const vi: Catalogue = {
  'policy-selects': ({ policy }) => `Chính sách "${policy}" là chính sách đầu tiên áp dụng cho instance này.`,
  'excluded-project': ({ project }) => `Người vận hành đã loại trừ dự án ${project}.`,
  'excluded-datastore': ({ datastore }) => `Người vận hành đã loại trừ datastore ${datastore}.`,
  'excluded-name': ({ name, pattern }) => `Tên "${name}" khớp với "${pattern}" mà người vận hành đã loại trừ.`,
  replica: ({ master }) => `Đây là bản sao của ${master}; chính ${master} đã được sao lưu.`,
  'cluster-member': ({ cluster }) => `Đây là thành viên của cụm ${cluster}; Trove từ chối sao lưu thành viên cụm.`,
  'no-policy': () => 'Không có chính sách nào áp dụng cho instance này.',
  'policy-vanished': ({ policy }) =>
    `Chính sách "${policy}" không còn trong cấu hình; lịch vẫn chạy theo bản chính sách đã lưu và không xóa bản sao lưu nào.`,
  'instance-gone': () => 'Dự án không còn instance này.',
  'project-policy-selects': ({ policy }) =>
    `Chính sách "${policy}" của dự án là chính sách đầu tiên của dự án áp dụng cho nó.`,
  'opted-out': () => 'Dự án đã tắt sao lưu cho nó; không bản nào được tạo, và không bản nào bị xóa.',
  'override-not-allowed': ({ what, policy }) =>
    `Chính sách "${policy}" dành việc đặt ${WHAT[what]} cho người vận hành; hãy hỏi người vận hành, hoặc bỏ mục này ra.`,
  'override-too-often': ({ everyMs, leastMs, policy }) =>
    `Cứ ${duration(everyMs)} một lần là dày hơn mức chính sách "${policy}" cho phép; hãy đặt ${duration(leastMs)} trở lên.`,
  'override-keeps-too-little': ({ withinMs, leastMs, policy }) =>
    `${withinMs === null ? 'Không có "within" thì không phải bản nào trong khoảng thời gian cũng được giữ' : `Giữ "within" ${duration(withinMs)} là quá ít`}, mà chính sách "${policy}" đòi hỏi ${duration(leastMs)}; hãy đặt "within" từ ${duration(leastMs)} trở lên, cùng các quy tắc khác nếu muốn.`,
  'pause-too-long': ({ forMs, mostMs, policy }) =>
    `Tạm dừng ${duration(forMs)} là lâu hơn mức chính sách "${policy}" cho phép; hãy đặt ${duration(mostMs)} trở xuống.`,
  'override-of-rule': ({ form }) =>
    `Chính sách nêu giờ bằng ${form}, vốn không có khung giờ và có múi giờ riêng; hãy đặt thêm "every", hoặc bỏ khung giờ và múi giờ ra.`,
  'override-zone-alone': () =>
    'Múi giờ không có nghĩa với khoảng cách chạy suốt ngày đêm; hãy đặt thêm khung giờ, hoặc bỏ múi giờ ra.',
  'override-beyond-window': ({ everyMs, openMs }) =>
    `Cứ ${duration(everyMs)} một lần là dài hơn khung giờ ${duration(openMs)}, nên có instance không bao giờ có lần nào trong đó; hãy đặt khoảng cách ngắn hơn, một ngày, hoặc khung giờ rộng hơn.`,
  'override-dropped': ({ of, source, by }, tell) =>
    `${source.layer === 'project' ? `Điều chính sách "${source.policy}" của dự án` : 'Điều instance'} nói về ${WHAT[of]} không được tính. ${tell(by)}`,
  'selects-nothing': () => 'Hiện chính sách này không áp dụng cho instance nào của dự án.',
  'keeps-beyond': ({ keptMs, horizonMs }) =>
    `Các bản sao lưu được giữ ${duration(keptMs)}, nên số bản còn tăng tiếp sau ${duration(horizonMs)} được tính trước.`,
  'chain-outlasts': ({ withinMs, chainMs }) =>
    `Bản đầy đủ được giữ lâu bằng mọi bản dựng trên nó, nên với chuỗi dài tới ${duration(chainMs)} có bản ở lại lâu hơn ${duration(withinMs)} chừng ấy; tạo bản đầy đủ thường hơn thì bớt đi.`,
  'window-gap': ({ everyMs, longestMs }) =>
    `Ngoài khung giờ không lần nào bắt đầu, nên khoảng cách ${duration(everyMs)} có thể để tới ${duration(longestMs)} không có bản sao lưu.`,
  'opt-out-dropped': ({ by }, tell) => `Nó vẫn được sao lưu dù dự án đã tắt sao lưu. ${tell(by)}`,
  'first-within': ({ withinMs }) => `Instance mới được sao lưu lần đầu trong vòng ${duration(withinMs)}.`,
  'enrolled-over': ({ overMs }) =>
    `Instance có trước dịch vụ này; các instance như vậy lần lượt bắt đầu trong ${duration(overMs)}.`,
  'slot-elapsed': ({ everyMs }) => `Lịch cứ ${duration(everyMs)} có một lần, tính từ thời điểm riêng của instance này.`,
  'slot-within': ({ zone }) => `Chỉ tính những lần nằm trong khung giờ, theo đồng hồ của ${zone}.`,
  'slot-named': ({ local, zone, offsetMs }) =>
    `Lịch nêu ${local} ở ${zone}; phần giãn riêng của instance này muộn hơn ${duration(offsetMs)}.`,
  'slot-skipped-time': ({ local, zone }) =>
    `Đồng hồ ở ${zone} không hề chỉ ${local}, nên lấy thời điểm đầu tiên sau khoảng bị nhảy qua.`,
  'slot-doubled-time': ({ local, zone }) => `Đồng hồ ở ${zone} chỉ ${local} hai lần; lần đầu được tính.`,
  'slot-stretched': ({ slots }) =>
    `Cứ ${slots} lần trong lịch chỉ dùng một, vì quota của dự án không chứa được nhiều hơn.`,
  'slot-out-of-turn': () => 'Đây không phải giờ trong lịch: là bản sao lưu đầu tiên, hoặc để bù cho những gì đã mất.',
  'slot-unknown': () => 'Lịch của nó không có lần này.',
  'made-for-slot': ({ slotUtc }) => `Nó được tạo cho lần ${utc(slotUtc)}.`,
  'made-by-user': () => 'Dịch vụ này không tạo ra nó: không bao giờ xóa, cũng không dựng tiếp lên nó.',
  'makes-up-for': ({ slotUtc, by }, tell) => `Chạy bù cho khung ${utc(slotUtc)}. ${tell(by)}`,
  'no-chain': () => 'Sao lưu đầy đủ, vì chưa có bản sao lưu nào của dịch vụ để nối tiếp.',
  'full-only': ({ datastore }) =>
    `Sao lưu đầy đủ, vì bản gia tăng của ${datastore} không an toàn khi người dùng cũng tự sao lưu.`,
  'version-changed': ({ from, to }) => `Sao lưu đầy đủ, vì datastore đã đổi từ ${from} sang ${to}.`,
  'previous-failed': ({ slotUtc }) => `Sao lưu đầy đủ, vì lần chạy lúc ${utc(slotUtc)} đã thất bại.`,
  'chain-length': ({ length, max }) => `Sao lưu đầy đủ, vì chuỗi đã có ${length} trên tối đa ${max} bản gia tăng.`,
  'chain-age': ({ startedUtc, fullEveryMs }) =>
    `Sao lưu đầy đủ, vì chuỗi bắt đầu lúc ${utc(startedUtc)} và cứ ${duration(fullEveryMs)} cần một bản đầy đủ.`,
  'full-anchor': ({ period, startDay, count }) =>
    `Bản đầy đủ, vì sẽ được giữ làm bản sao lưu ${PERIODS[period](startDay)}, một trong ${count} bản như vậy.`,
  'full-weekday': ({ weekday, startedUtc }) =>
    `Sao lưu đầy đủ, vì ${WEEKDAYS[weekday]} là ngày cần bản đầy đủ và chuỗi bắt đầu lúc ${utc(startedUtc)}.`,
  'continues-chain': ({ parent, length, max }) =>
    `Bản gia tăng thứ ${length} trên tối đa ${max}, nối tiếp điểm khôi phục mới nhất ${parent}.`,
  'full-demanded': () => 'Sao lưu đầy đủ, vì yêu cầu là một bản đầy đủ.',
  'instance-busy': ({ status }) => `Đang chờ, vì trạng thái của instance là ${status}.`,
  'backup-running': ({ backup }) => `Đang chờ, vì bản sao lưu ${backup} của instance này còn đang chạy.`,
  'backup-stuck': ({ backup, instance, status, sinceUtc, limitMs }) =>
    `Bản sao lưu ${backup} ở trạng thái ${status} từ ${utc(sinceUtc)}, quá ${duration(limitMs)}, và trong lúc đó Trove không tạo bản nào khác cho instance này; hãy nhờ người vận hành đặt lại: openstack database instance reset status ${instance}`,
  'cap-reached': () => 'Đang chờ, vì số bản sao lưu đang chạy đã đạt mức người vận hành cho phép.',
  'no-answer-yet': () => 'Đang chờ, vì chưa đến lượt, hoặc đám mây chưa trả lời.',
  'rate-limited': ({ retryAfterMs }) => `Đang chờ ${duration(retryAfterMs)} theo giới hạn tần suất của API.`,
  'storage-away': ({ detail }) => `Đang chờ, vì không truy cập được kho đối tượng: ${detail}`,
  unreachable: ({ detail }) => `Đang chờ, vì không kết nối được với đám mây: ${detail}`,
  busy: ({ detail }) => `Đang chờ, vì Trove đang bận với instance này, dù trạng thái hiển thị ra sao: ${detail}`,
  'quota-refused': ({ detail }) => `Đang chờ, vì hạn mức đã đầy lúc gửi yêu cầu tới Trove: ${detail}`,
  'not-found': ({ detail }) => `Trove không tìm thấy đối tượng được nêu trong yêu cầu: ${detail}`,
  unauthorized: ({ detail }) =>
    `Đang chờ, vì thông tin đăng nhập hoặc token của dịch vụ không được chấp nhận: ${detail}`,
  refused: ({ detail }) => `Trove từ chối yêu cầu: ${detail}`,
  observing: ({ kind }) => `Chế độ "observe": lẽ ra một bản sao lưu (${kind}) đã được tạo lúc này.`,
  paused: ({ owner, note, untilUtc }) => `Tạm dừng đến ${utc(untilUtc)} theo yêu cầu của ${owner}: ${note}`,
  'backing-off': ({ failures, untilUtc }) =>
    `Vì ${failures} lần sao lưu gần nhất đều thất bại nên mỗi ngày chỉ thử một lần; lần tới sau ${utc(untilUtc)}.`,
  frozen: ({ untilUtc, reason }) => `Người vận hành tạm ngừng mọi bản sao lưu đến ${utc(untilUtc)}: ${reason}`,
  quota: ({ inUse, limit, reserve, ask }) =>
    `Dự án đã dùng ${inUse} trên ${limit} bản sao lưu, ${reserve} bản dành cho người dùng; hãy xin hạn mức ${ask}.`,
  'quota-short': ({ ours, others, limit, reserve, ask }) =>
    `Theo chính sách, các instance của dự án sẽ có cùng lúc ${ours} bản sao lưu, ${others} bản khác cũng dùng hạn mức ${limit}, trong đó ${reserve} được chừa cho người dùng; hãy xin hạn mức ${ask}.`,
  'quota-holds-older': ({ limit, ask }) =>
    `Không được sao lưu, vì hạn mức ${limit} bản sao lưu của dự án chỉ đủ cho các instance cũ hơn; hãy xin hạn mức ${ask}.`,
  'quota-enough': ({ limit }) =>
    limit < 0
      ? 'Hạn mức của dự án không giới hạn và đủ cho mọi bản sao lưu theo chính sách.'
      : `Hạn mức ${limit} của dự án đủ cho mọi bản sao lưu theo chính sách.`,
  'quota-freeing': () => 'Đang chờ, vì hạn mức đã đầy và một bản sao lưu không còn quy tắc nào giữ đang được xóa.',
  'adapted-chains': ({ from, to }) =>
    to === 0
      ? 'Chỉ tạo bản đầy đủ, để mỗi bản có thể được xóa riêng.'
      : `Nhiều nhất ${to} bản tăng dần trên mỗi bản đầy đủ, thay vì ${from}.`,
  'adapted-interval': ({ fromMs, toMs }) => `Cứ ${duration(toMs)} có một bản sao lưu, thay vì ${duration(fromMs)}.`,
  'adapted-count': ({ of, from, to }) => `Giữ ${of}: ${to} thay vì ${from}, cho cùng một khoảng thời gian.`,
  'adapted-floor': ({ fulls }) =>
    `Chỉ giữ điểm khôi phục mới nhất và các bản đầy đủ mới nhất (${fulls} bản), không giữ gì thêm.`,
  'no-role': ({ project }) =>
    `Dịch vụ không có vai trò trong dự án ${project}; hãy cấp vai trò database_backup, kế thừa từ miền.`,
  'no-trust': ({ project, trustee }) =>
    `Không có ủy thác (trust) nào còn hiệu lực cho dịch vụ vào dự án ${project}; một thành viên có thể tạo: openstack trust create --project ${project} --role <id của vai trò member> <id người dùng của mình> ${trustee}`,
  'owner-conflict': ({ backup, owner }) =>
    `Bản sao lưu ${backup} do một dịch vụ autobackup khác (${owner}) tạo; người vận hành phải quyết định giữ bên nào.`,
  'policy-unusable': ({ detail }) =>
    `Chính sách đã lưu của nó không còn dùng được: ${detail}. Hãy sửa chính sách trong cấu hình, hoặc loại trừ cơ sở dữ liệu này.`,
  missed: () =>
    'Dịch vụ không thể bắt đầu khung này đúng lúc; trong các khung đã qua như vậy, chỉ khung mới nhất được chạy bù.',
  expired: ({ held }, tell) => `Khung kế tiếp đã đến trước khi khung này bắt đầu được. Trước đó: ${tell(held)}`,
  'window-ended': ({ held }, tell) =>
    `Khoảng thời gian cho phép đã hết trước khi khung này bắt đầu được. Trước đó: ${tell(held)}`,
  credited: ({ backup, finishedUtc }) =>
    `Không cần chạy, vì bản sao lưu đầy đủ ${backup} do chính người dùng tạo đã hoàn tất lúc ${utc(finishedUtc)}.`,
  'demand-expired': ({ afterMs, held }, tell) =>
    `Trong ${duration(afterMs)} yêu cầu vẫn chưa thực hiện được. Trước đó: ${tell(held)}`,
  'demand-cancelled': ({ who }) => `Yêu cầu đã bị ${who} hủy trước khi bản sao lưu được gửi đi thực hiện.`,
  'instance-unknown': () => 'Không nhận: theo những gì dịch vụ biết, dự án không có instance này.',
  'demand-waiting': ({ run }) => `Không nhận: yêu cầu ${run} cho instance này còn chưa kết thúc.`,
  'key-reused': ({ run }) =>
    `Không nhận: khóa này thuộc về yêu cầu ${run} có nội dung khác; hãy dùng một khóa riêng cho mỗi yêu cầu.`,
  'recent-point': ({ pointUtc }) => `Điểm khôi phục mới nhất là lúc ${utc(pointUtc)}.`,
  'first-not-due': ({ slotUtc }) => `Lần sao lưu đầu tiên sẽ diễn ra lúc ${utc(slotUtc)}.`,
  'under-way': ({ slotUtc }) => `Bản sao lưu của khung ${utc(slotUtc)} đang được tạo.`,
  'point-vanished': ({ slotUtc }) => `Điểm khôi phục của khung ${utc(slotUtc)} không còn nữa; ai đó đã xóa nó.`,
  'credit-vanished': ({ backup, slotUtc }) =>
    `Bản sao lưu ${backup} của người dùng, vốn được tính cho khung ${utc(slotUtc)}, không còn nữa.`,
  'kept-within': ({ withinMs }) => `Được giữ, vì nằm trong cửa sổ khôi phục ${duration(withinMs)}.`,
  'kept-window-start': ({ withinMs, startUtc }) =>
    `Được giữ, vì cửa sổ khôi phục ${duration(withinMs)} bắt đầu lúc ${utc(startUtc)} và khi đó đây là bản mới nhất.`,
  'kept-last': ({ place, count }) => `Được giữ vì là bản thứ ${place} trong ${count} bản mới nhất.`,
  'kept-period': ({ period, startDay, place, count }) =>
    `Được giữ làm bản sao lưu ${PERIODS[period](startDay)}, bản ${place} trong ${count}.`,
  'kept-without-rule': () => 'Được giữ, vì chính sách không nói giữ bao lâu.',
  'kept-newest': () => 'Được giữ, vì là điểm khôi phục mới nhất.',
  'kept-floor': ({ fulls }) => `Được giữ vì thuộc ${fulls} bản đầy đủ mới nhất, luôn luôn được giữ lại.`,
  'kept-ancestor': ({ of }) => `Được giữ, vì bản sao lưu ${of} đang được giữ dựa trên nó.`,
  'kept-held': ({ owner, note, untilUtc }) =>
    `Được ${owner} ghim ${untilUtc === null ? 'cho đến khi bỏ ghim' : `đến ${utc(untilUtc)}`}: ${note}`,
  'kept-on-demand': () =>
    'Được giữ cho đến khi có người quyết định, vì được tạo theo yêu cầu và không có quy tắc riêng.',
  'kept-demanded-until': ({ untilUtc }) => `Được giữ đến ${utc(untilUtc)}, như đã nói khi yêu cầu.`,
  'kept-after-delete': ({ untilUtc }) =>
    `Instance không còn nữa; các bản sao lưu của nó được giữ đến ${utc(untilUtc)}.`,
  'kept-last-chain': ({ untilUtc }) =>
    `Instance không còn nữa; đây là điểm khôi phục mới nhất của nó, được giữ đến ${utc(untilUtc)}.`,
  'kept-running': ({ status }) => `Đang được tạo: ${status}.`,
  'kept-failed': () => 'Bản này thất bại; bản thất bại mới nhất được giữ lại để chủ của nó nhìn thấy.',
  'kept-no-point': ({ status }) =>
    `Hiện không thể khôi phục từ bản này theo những gì Trove cho biết (${status}) và không ai biết nó còn giá trị gì; một thành viên của dự án có thể xóa nó.`,
  'not-whole': ({ backup, status }) => `Bản sao lưu ${backup} đang ở trạng thái ${status}, chưa phải COMPLETED.`,
  'deletion-asked': ({ backup }) => `Đã có yêu cầu xóa bản sao lưu ${backup}; nó có thể mất bất cứ lúc nào.`,
  'parent-missing': ({ backup, parent }) =>
    `Bản sao lưu ${backup} dựa trên bản sao lưu ${parent}, bản này không còn nữa.`,
  'parent-elsewhere': ({ backup, parent }) =>
    `Bản sao lưu ${backup} dựa trên bản sao lưu ${parent}, bản này thuộc một instance khác.`,
  unwanted: () => 'Không còn quy tắc nào giữ bản này.',
  'wanted-again': ({ by }, tell) => `Bản này lại cần được giữ. ${tell(by)}`,
  'gone-already': () => 'Bản này đã không còn; người khác đã xóa nó.',
  'left-by-instance': ({ status }) =>
    `Instance không còn nữa và để lại bản này ở trạng thái ${status}: nó chỉ chiếm hạn mức.`,
  'failed-on-unwanted': ({ parent }) => `Bản này thất bại và dựa trên bản ${parent}, bản không còn quy tắc nào giữ.`,
  'no-recent-success': ({ pointUtc, intervalMs }) =>
    `Không xóa khi điểm khôi phục mới nhất là của ${utc(pointUtc)}, cũ hơn hai lần ${duration(intervalMs)}.`,
  'surplus-failed': ({ kept }) =>
    `Đã xóa, vì bản này thất bại và chỉ chiếm hạn mức; trong các bản thất bại, bản mới nhất ${kept} được giữ lại.`,
  'has-child': ({ child, project }) =>
    `Không xóa, vì bản sao lưu ${child} của dự án ${project} dựa trên nó và sẽ bị xóa theo.`,
  'restore-may-read': ({ instance }) =>
    `Chưa xóa lúc này, vì instance ${instance} đang được tạo và có thể đang đọc một bản sao lưu.`,
  'seen-again': ({ instance }) => `Chưa xóa lúc này, vì instance ${instance}, từng bị coi là đã mất, nay lại có mặt.`,
  'observing-deletion': () => 'Chế độ "observe": lẽ ra bản sao lưu này đã bị xóa lúc này.',
  'took-more': ({ backup, taken }) =>
    `Không xóa gì của instance này: cùng với bản sao lưu ${backup}, Trove đã xóa thêm ${taken} bản được tạo trên nó trong lúc đó. Hãy kiểm tra chúng, rồi ghi ${backup} vào prune.looked_at.`,
  'clock-was-wrong': ({ untilUtc }) =>
    `Chưa xóa gì trước ${utc(untilUtc)}: đồng hồ của máy này đã sai, nên tuổi của các bản có thể bị tính sai.`,
  quarantine: ({ untilUtc }) =>
    `Chưa xóa gì trước ${utc(untilUtc)}: kho dữ liệu của dịch vụ còn mới và có thể được tạo do nhầm lẫn.`,
  'unwanted-no-more': () =>
    'Không xóa, vì ngay trước khi gửi yêu cầu, bản sao lưu này hoặc chế độ áp dụng cho instance của nó đã thay đổi.',
  'odd-row': ({ what, id, field }) =>
    `Chưa xóa khi chưa đọc được ${id} (${what}, trường ${field}), vì có thể nó đang cần bản sao lưu này.`,
  'deletion-without-effect': ({ afterMs }) =>
    `Đã ${duration(afterMs)} kể từ yêu cầu xóa mà Trove vẫn còn hiện bản sao lưu này; yêu cầu đó được coi là không có tác dụng.`,
  'clock-unproven': () => 'Đang chờ câu trả lời đầu tiên của đám mây, để biết đồng hồ của máy này có đúng không.',
  'clock-jumped': ({ byMs }) =>
    `Đang chờ, vì đồng hồ của máy này đã nhảy ${byMs > 0 ? 'tới' : 'lùi'} ${duration(Math.abs(byMs))} và chưa có gì cho thấy nó đúng.`,
  'clock-apart': ({ aheadMs }) =>
    `Đang chờ, vì đồng hồ của máy này ${aheadMs > 0 ? 'nhanh' : 'chậm'} hơn đồng hồ của đám mây ${duration(Math.abs(aheadMs))}; phải chỉnh lại một trong hai.`,
  accepted: () => 'Trove đã nhận yêu cầu sao lưu.',
  adopted: ({ backup }) => `Bản sao lưu ${backup} mang dấu của khung này và đã được nhận lại.`,
  'answer-lost': ({ detail }) => `Câu trả lời bị mất nên chưa rõ bản sao lưu có được tạo hay không: ${detail}`,
  restarted: () => 'Dịch vụ dừng giữa yêu cầu và câu trả lời; nay đang tìm bản sao lưu.',
  'backup-completed': () => 'Bản sao lưu đã hoàn tất.',
  'backup-failed': ({ status }) => `Bản sao lưu kết thúc với trạng thái ${status}.`,
  'backup-vanished': ({ backup }) => `Bản sao lưu ${backup} đã bị xóa khi đang chạy.`,
  'outcome-unknown': ({ afterMs }) =>
    `Không có bản sao lưu nào xuất hiện trong ${duration(afterMs)} sau khi mất câu trả lời.`,
};
