"""Every word on the desk's pages, in both languages. A sentence of a verdict says what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.desk.verdicts import Verdict

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class VerdictWords:
    """How a verdict is told: the headline seen from two metres, what to do now, and a short word for lists."""

    headline: str
    action: str
    short: str


VERDICTS: dict[str, dict[Verdict, VerdictWords]] = {
    "vi": {
        Verdict.VALID_HERE: VerdictWords("Thẻ còn giá trị", "Đón tiếp bình thường.", "Còn giá trị"),
        Verdict.VALID_PRIMARY: VerdictWords(
            "Thẻ còn giá trị", "Đón tiếp bình thường: cấp ban đầu không cần giấy chuyển.", "Còn giá trị"
        ),
        Verdict.VALID_ELSEWHERE: VerdictWords(
            "Còn giá trị, khác nơi đăng ký",
            "Hỏi giấy chuyển cơ sở hoặc giấy hẹn khám lại. Cấp cứu thì đón tiếp ngay.",
            "Khác nơi đăng ký",
        ),
        Verdict.OTHER_PERSON: VerdictWords(
            "Thẻ và hồ sơ không khớp", "So lại người với giấy tờ, phần khác nhau được đánh dấu bên dưới.", "Không khớp"
        ),
        Verdict.EXPIRED: VerdictWords(
            "Thẻ hết hạn", "Hết hạn từ {from_day}: hướng dẫn người bệnh đóng tiếp tại cơ quan BHXH.", "Hết hạn"
        ),
        Verdict.NOT_YET: VerdictWords(
            "Thẻ chưa có giá trị", "Thẻ dùng được từ {valid_from}. Trước ngày đó người bệnh tự chi trả.", "Chưa tới hạn"
        ),
        Verdict.SUSPENDED: VerdictWords(
            "Thẻ đang tạm khóa", "Mời người bệnh liên hệ cơ quan BHXH để mở lại thẻ.", "Tạm khóa"
        ),
        Verdict.WITHDRAWN: VerdictWords(
            "Thẻ đã thu hồi", "Hỏi người bệnh có thẻ khác không; nếu không, mời liên hệ cơ quan BHXH.", "Thu hồi"
        ),
        Verdict.REDUCED: VerdictWords(
            "Thẻ đã báo giảm",
            "Nơi đóng đã báo giảm. Hỏi người bệnh có thẻ mới không, rồi tra theo số mới.",
            "Báo giảm",
        ),
        Verdict.ARMED_FORCES: VerdictWords(
            "Thẻ của lực lượng vũ trang", "Kiểm tra thẻ giấy: BHXH Quân đội hoặc Công an quản lý thẻ này.", "LLVT"
        ),
        Verdict.NOBODY: VerdictWords(
            "Không tìm thấy thẻ", "Kiểm tra lại số, hoặc thử số khác của người bệnh: căn cước, mã BHXH.", "Không thấy"
        ),
        Verdict.OFFICER_REFUSED: VerdictWords(
            "Chưa được phép tra cứu",
            "Tên của bạn không còn trong danh sách của cơ sở. Nhờ người quản lý đăng ký lại với cơ quan BHXH.",
            "Chưa được phép",
        ),
        Verdict.CEILING: VerdictWords(
            "Tạm dừng tra cứu",
            "Số lượt tra vượt mức của bàn tiếp đón. Đợi {seconds} giây rồi tra lại; nếu vẫn vậy, gọi cơ quan BHXH.",
            "Tạm dừng",
        ),
        Verdict.CHALLENGED: VerdictWords(
            "Cần xác nhận lại",
            "Số lượt tra nhiều khác thường. Xác nhận bằng mật khẩu và mã 6 số để tra tiếp.",
            "Cần xác nhận",
        ),
        Verdict.HELD: VerdictWords(
            "Tra cứu bị tạm dừng", "Số lượt tra nhiều khác thường. Gọi cơ quan BHXH để được mở lại.", "Bị tạm dừng"
        ),
        Verdict.DESK_REFUSED: VerdictWords(
            "Bàn tiếp đón chưa được mở", "Cơ sở chưa được cấp quyền tra cứu. Gọi cơ quan BHXH để mở.", "Chưa mở"
        ),
        Verdict.UNREADABLE: VerdictWords("Chưa đọc được số", "{detail}", "Chưa đọc được"),
        Verdict.BUSY: VerdictWords("Hệ thống đang bận", "Chưa có câu trả lời. Tra lại sau {seconds} giây.", "Đang bận"),
        Verdict.AWAY: VerdictWords(
            "Chưa tra được",
            "Cổng tra cứu không trả lời. Đón tiếp theo thẻ người bệnh đang có, rồi tra lại sau ít phút.",
            "Chưa tra được",
        ),
    },
    "en": {
        Verdict.VALID_HERE: VerdictWords("Card is valid", "Receive the patient as usual.", "Valid"),
        Verdict.VALID_PRIMARY: VerdictWords(
            "Card is valid", "Receive the patient as usual: primary care needs no slip.", "Valid"
        ),
        Verdict.VALID_ELSEWHERE: VerdictWords(
            "Valid, registered elsewhere",
            "Ask for a transfer slip or an appointment for re-examination. An emergency is received at once.",
            "Elsewhere",
        ),
        Verdict.OTHER_PERSON: VerdictWords(
            "Card and record differ", "Compare the person with their papers; what differs is marked below.", "Differs"
        ),
        Verdict.EXPIRED: VerdictWords(
            "Card has expired",
            "Not valid since {from_day}: send the patient to the insurance office to renew.",
            "Expired",
        ),
        Verdict.NOT_YET: VerdictWords(
            "Card is not valid yet", "It can be used from {valid_from}. Until then the patient pays.", "Not yet"
        ),
        Verdict.SUSPENDED: VerdictWords(
            "Card is suspended", "Ask the patient to see the insurance office to have it restored.", "Suspended"
        ),
        Verdict.WITHDRAWN: VerdictWords(
            "Card is withdrawn", "Ask for another card; if there is none, the insurance office helps.", "Withdrawn"
        ),
        Verdict.REDUCED: VerdictWords(
            "Card is no longer paid for",
            "Whoever paid has signed the patient off. Ask for a new card, then look that one up.",
            "Signed off",
        ),
        Verdict.ARMED_FORCES: VerdictWords(
            "Card of the armed forces", "Check the paper card: the army's or police's own office keeps it.", "Forces"
        ),
        Verdict.NOBODY: VerdictWords(
            "No card found", "Check the number, or try another: citizen card, social-insurance code.", "Not found"
        ),
        Verdict.OFFICER_REFUSED: VerdictWords(
            "Not permitted to look up",
            "Your name is no longer on the facility's list. Ask your manager to register you again.",
            "Not permitted",
        ),
        Verdict.CEILING: VerdictWords(
            "Look-ups are paused",
            "More was asked than a desk may. Wait {seconds} seconds and try again; if it lasts, call the insurance office.",
            "Paused",
        ),
        Verdict.CHALLENGED: VerdictWords(
            "Confirm that it is you",
            "There were unusually many look-ups. Confirm with password and 6-digit code to go on.",
            "To confirm",
        ),
        Verdict.HELD: VerdictWords(
            "Look-ups are suspended",
            "There were unusually many look-ups. Call the insurance office to go on.",
            "Suspended",
        ),
        Verdict.DESK_REFUSED: VerdictWords(
            "This desk is not open", "The facility may not look up yet. Call the insurance office.", "Not open"
        ),
        Verdict.UNREADABLE: VerdictWords("The number cannot be read", "{detail}", "Unreadable"),
        Verdict.BUSY: VerdictWords(
            "The service is busy", "There is no answer yet. Try again in {seconds} seconds.", "Busy"
        ),
        Verdict.AWAY: VerdictWords(
            "No answer for now",
            "The look-up service does not answer. Go by the card the patient has, and look up again in some minutes.",
            "No answer",
        ),
    },
}

WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "service": "Ansinh · Bàn tiếp đón",
        "skip": "Đến nội dung chính",
        "language": "Ngôn ngữ",
        "other_language": "English",
        "help": "Trợ giúp: gọi cơ quan BHXH nơi cơ sở ký hợp đồng, đọc mã tham chiếu trên màn hình.",
        "invented": "Quốc gia mô phỏng: mọi người ở đây đều được tạo ra, không phải người thật.",
        "error_title": "Lỗi: ",
        "error_summary": "Có vấn đề",
        # Desk
        "desk_title": "Tra cứu thẻ BHYT",
        "field": "Quét thẻ hoặc nhập số",
        "field_hint": "Căn cước, thẻ BHYT: quét mã QR. Hoặc nhập 12 số căn cước, 10 số mã BHXH, 15 ký tự thẻ BHYT.",
        "look_up": "Tra cứu",
        "camera_on": "Dùng camera",
        "camera_off": "Tắt camera",
        "camera_hint": "Đưa mã QR trên thẻ vào giữa khung.",
        "camera_preparing": "Đang mở camera…",
        "camera_refused": "Chưa dùng được camera. Cho phép camera trong trình duyệt, hoặc nhập số.",
        "ready": "Sẵn sàng",
        "ready_lead": "Quét thẻ của người bệnh. Kết quả hiện ở đây.",
        "asking": "Đang tra…",
        "slow": "Mạng chậm, vẫn đang chờ câu trả lời.",
        "offline": "Mất mạng. Lượt quét được giữ lại và tự gửi khi có mạng.",
        "no_answer_yet": "Chưa có kết quả",
        "no_answer_yet_lead": "Lượt quét được giữ trên màn hình này và tự gửi lại. Cứ quét người tiếp theo.",
        "waiting_one": "Còn 1 lượt chưa gửi, thử lại sau {seconds} giây.",
        "waiting_many": "Còn {count} lượt chưa gửi, thử lại sau {seconds} giây.",
        "queue_full": "Hàng chờ đã đầy: {count} lượt. Đợi gửi xong rồi quét tiếp.",
        "try_now": "Gửi ngay",
        "drop": "Bỏ hàng chờ",
        "server_trouble": "Máy chủ gặp lỗi, lượt này được giữ lại để gửi lần nữa.",
        "age_now": "Vừa xong",
        "age_minutes": "{minutes} phút trước",
        "age_old": "Kết quả lúc {time}, tra lại",
        "next": "Người tiếp theo",
        "next_key": "phím Esc",
        "print": "In kết quả",
        "share": "Quỹ trả",
        "share_slip": "khi đúng tuyến",
        "slip_any": "Không có giấy chuyển: {percent}.",
        "slip_both": "Không có giấy chuyển: nội trú {inpatient}, ngoại trú {outpatient}.",
        "slip_area": "Không có giấy chuyển: nội trú {inpatient} (sống ở vùng {area}), ngoại trú {outpatient}.",
        "slip_scored": "Riêng cơ sở 50 đến dưới 70 điểm, hoặc trước 2025 là tuyến tỉnh, trung ương: ngoại trú {outpatient}.",
        "copay_over": "Đã đủ mức cùng chi trả từ {day}: quỹ trả 100 % khi đúng tuyến đến hết năm.",
        "copay_so_far": "Năm nay đã cùng chi trả {total}; vượt {ceiling} thì quỹ trả 100 % khi đúng tuyến.",
        "decimal": ",",
        "thousands": ".",
        "until": "Đến hết ngày",
        "place": "Nơi đăng ký",
        "place_right": "Đúng nơi",
        "place_wrong": "Khác nơi",
        "five_years": "Đủ 5 năm liên tục từ {day}",
        "person": "Người bệnh",
        "born": "Sinh",
        "male": "Nam",
        "female": "Nữ",
        "number": "Số tra",
        "reference": "Mã tham chiếu",
        "at": "Lúc",
        "asked_by": "Người tra",
        "on_card": "Trên thẻ",
        "on_record": "Trong hồ sơ",
        "differs_name": "Họ tên khác",
        "differs_born": "Ngày sinh khác",
        "differs_sex": "Giới tính khác",
        "last_known": "Kết quả cũ, lúc {time}",
        "last_known_lead": "Phiên này đã tra số đó lúc {time}: {short}. Đây không phải kết quả mới; tra lại khi có mạng.",
        "no_last_known": "Phiên này chưa tra số đó, nên không có kết quả cũ để xem.",
        "tone_go": "Được",
        "tone_look": "Xem kỹ",
        "tone_stop": "Dừng",
        "tone_unknown": "Chưa rõ",
        # Today
        "without_line": "Kiểm tra khi mất đường truyền",
        "today": "Hôm nay",
        "today_title": "Lượt tra hôm nay",
        "today_lead": "Chỉ những lượt của bạn, số được che bớt. Danh sách tự xóa sau một ngày.",
        "today_empty": "Chưa tra lượt nào.",
        "today_one": "1 lượt",
        "today_count": "{count} lượt",
        "today_all": "Xem tất cả",
        "today_more": "Hiện {shown} lượt mới nhất.",
        "time": "Giờ",
        "verdict": "Kết quả",
        "back_to_desk": "Về bàn tiếp đón",
        # Signing in
        "sign_in_title": "Đăng nhập bàn tiếp đón",
        "sign_in": "Đăng nhập",
        "sign_out": "Đăng xuất",
        "facility": "Mã cơ sở khám chữa bệnh",
        "facility_hint": "5 ký tự, ví dụ 01004",
        "officer": "Số hiệu của bạn tại cơ sở",
        "password": "Mật khẩu",
        "code": "Mã 6 số",
        "code_hint": "Mã đang hiện trong ứng dụng xác thực trên điện thoại.",
        "first_time": "Lần đầu đăng nhập? Kích hoạt tài khoản",
        "forgotten": "Quên mật khẩu hoặc mất điện thoại: nhờ cơ quan BHXH cấp mã kích hoạt mới.",
        "missing_facility": "Nhập mã cơ sở khám chữa bệnh, 5 ký tự.",
        "missing_officer": "Nhập số hiệu của bạn tại cơ sở.",
        "missing_password": "Nhập mật khẩu.",
        "missing_code": "Nhập mã 6 số đang hiện trong ứng dụng xác thực.",
        "not_let_in": "Chưa đăng nhập được. Kiểm tra mã cơ sở, số hiệu, mật khẩu và mã 6 số mới nhất, rồi thử lại.",
        "slowed": "Chưa đăng nhập được. Đợi {seconds} giây rồi thử lại với mã 6 số mới.",
        "expired": "Phiên làm việc đã hết. Đăng nhập lại để tiếp tục; số vừa nhập được giữ.",
        "expired_plain": "Phiên làm việc đã hết sau 15 phút không dùng hoặc 12 giờ. Đăng nhập lại để tiếp tục.",
        "ending": "Sắp hết phiên vì lâu không dùng.",
        "stay": "Tiếp tục làm việc",
        "confirm_title": "Xác nhận lại",
        "confirm_lead": "Số lượt tra hôm nay nhiều khác thường. Nhập mật khẩu và mã 6 số mới để tra tiếp.",
        "confirm": "Xác nhận",
        "not_confirmed": "Chưa xác nhận được. Kiểm tra mật khẩu và mã 6 số mới nhất, rồi thử lại.",
        "signed_out_title": "Đã đăng xuất",
        "signed_out_lead": "Không còn gì của phiên làm việc trên máy này. Đóng trình duyệt nếu máy dùng chung.",
        "again": "Đăng nhập lại",
        # Enrolling
        "enrol_title": "Kích hoạt tài khoản",
        "enrol_lead": "Dùng mã kích hoạt cơ quan BHXH đã cấp. Mã dùng một lần, trong 3 ngày.",
        "invitation": "Mã kích hoạt",
        "invitation_hint": "16 ký tự, ví dụ ABCD-EFGH-JKLM-NPQR",
        "missing_invitation": "Nhập mã kích hoạt, 16 ký tự.",
        "continue": "Tiếp tục",
        "factors_title": "Chọn mật khẩu và mã 6 số",
        "password_hint": "Ít nhất 8 ký tự. Vài từ không liên quan với nhau là tốt nhất.",
        "scan_this": "1. Quét mã này bằng ứng dụng xác thực trên điện thoại.",
        "or_type": "Không quét được? Nhập khóa này vào ứng dụng:",
        "then_type": "2. Chọn mật khẩu và nhập mã 6 số ứng dụng đang hiện.",
        "qr_alt": "Mã QR để thêm Ansinh vào ứng dụng xác thực",
        "activate": "Kích hoạt",
        "not_enrolled": "Chưa kích hoạt được. Kiểm tra mã cơ sở, số hiệu và mã kích hoạt; nếu vẫn vậy, xin mã mới.",
        "enrolled": "Tài khoản đã kích hoạt. Đăng nhập bằng mật khẩu và mã 6 số tiếp theo.",
        "enrol_again": "Đã quá lâu. Nhập lại mã kích hoạt.",
        # Troubles
        "ways": "Các trang",
        "to_patient": "Sổ sức khỏe",
        "refused_title": "Trang đã cũ",
        "refused_lead": "Biểu mẫu này đã hết hiệu lực, chưa có gì được gửi. Mở lại trang rồi làm lại.",
    },
    "en": {
        "service": "Ansinh · Clerk's desk",
        "skip": "Skip to main content",
        "language": "Language",
        "other_language": "Tiếng Việt",
        "help": "Help: call the insurance office your facility has its contract with; read out the reference on the screen.",
        "invented": "An invented nation: every person here is made up, nobody is real.",
        "error_title": "Error: ",
        "error_summary": "There is a problem",
        "desk_title": "Look up a health-insurance card",
        "field": "Scan a card or type a number",
        "field_hint": "Citizen or insurance card: scan the QR code. Or type 12 digits (citizen), 10 (insurance code), 15 characters (card).",
        "look_up": "Look up",
        "camera_on": "Use the camera",
        "camera_off": "Turn the camera off",
        "camera_hint": "Hold the card's QR code in the middle of the frame.",
        "camera_preparing": "Opening the camera…",
        "camera_refused": "The camera cannot be used. Permit it in the browser, or type the number.",
        "ready": "Ready",
        "ready_lead": "Scan the patient's card. The answer appears here.",
        "asking": "Asking…",
        "slow": "The line is slow; still waiting for the answer.",
        "offline": "No connection. Scans are kept and sent as soon as there is one.",
        "no_answer_yet": "No answer yet",
        "no_answer_yet_lead": "Scans are kept on this screen and sent again by themselves. Go on with the next patient.",
        "waiting_one": "1 scan is not sent yet; trying again in {seconds} seconds.",
        "waiting_many": "{count} scans are not sent yet; trying again in {seconds} seconds.",
        "queue_full": "The queue is full: {count} scans. Wait until they are sent.",
        "try_now": "Send now",
        "drop": "Drop the queue",
        "server_trouble": "The server had trouble; this scan is kept and sent again.",
        "age_now": "Just now",
        "age_minutes": "{minutes} min ago",
        "age_old": "Answer of {time}, look up again",
        "next": "Next patient",
        "next_key": "Esc key",
        "print": "Print",
        "share": "Fund pays",
        "share_slip": "by the right path",
        "slip_any": "Without a slip: {percent}.",
        "slip_both": "Without a slip: inpatient {inpatient}, outpatient {outpatient}.",
        "slip_area": "Without a slip: inpatient {inpatient} (lives in area {area}), outpatient {outpatient}.",
        "slip_scored": "A facility of 50 to under 70 points, or of provincial or central level before 2025: outpatient {outpatient}.",
        "copay_over": "Own payments are full since {day}: the fund pays 100 % on the right path until the end of the year.",
        "copay_so_far": "Own payments this year {total}; above {ceiling} the fund pays 100 % on the right path.",
        "decimal": ".",
        "thousands": ",",
        "until": "Valid through",
        "place": "Registered at",
        "place_right": "Right place",
        "place_wrong": "Elsewhere",
        "five_years": "Five continuous years from {day}",
        "person": "Patient",
        "born": "Born",
        "male": "Male",
        "female": "Female",
        "number": "Number",
        "reference": "Reference",
        "at": "At",
        "asked_by": "Asked by",
        "on_card": "On the card",
        "on_record": "On record",
        "differs_name": "Name differs",
        "differs_born": "Birth date differs",
        "differs_sex": "Sex differs",
        "last_known": "Old answer, {time}",
        "last_known_lead": "This session looked that number up at {time}: {short}. This is not a fresh answer; look up again later.",
        "no_last_known": "This session has not looked that number up before, so there is no old answer to show.",
        "tone_go": "Go on",
        "tone_look": "Look closer",
        "tone_stop": "Stop",
        "tone_unknown": "Not known",
        "without_line": "Check without a line",
        "today": "Today",
        "today_title": "Today's look-ups",
        "today_lead": "Your own only, with numbers masked. The list deletes itself after a day.",
        "today_empty": "Nothing looked up yet.",
        "today_one": "1 look-up",
        "today_count": "{count} look-ups",
        "today_all": "Show all",
        "today_more": "The newest {shown} are shown.",
        "time": "Time",
        "verdict": "Answer",
        "back_to_desk": "Back to the desk",
        "sign_in_title": "Sign in to the desk",
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "facility": "Facility code",
        "facility_hint": "5 characters, such as 01004",
        "officer": "Your number at the facility",
        "password": "Password",
        "code": "6-digit code",
        "code_hint": "The code your authenticator app shows now.",
        "first_time": "First time? Activate your account",
        "forgotten": "Password forgotten or telephone lost: the insurance office gives you a new activation code.",
        "missing_facility": "Enter the facility code, 5 characters.",
        "missing_officer": "Enter your number at the facility.",
        "missing_password": "Enter the password.",
        "missing_code": "Enter the 6-digit code your authenticator app shows now.",
        "not_let_in": "You are not signed in. Check the facility code, your number, the password and the newest 6-digit code, then try again.",
        "slowed": "You are not signed in. Wait {seconds} seconds, then try again with a new 6-digit code.",
        "expired": "The session has ended. Sign in again to go on; the number you typed is kept.",
        "expired_plain": "The session has ended after 15 minutes without use, or 12 hours. Sign in again to go on.",
        "ending": "The session ends soon, because nothing was done for a while.",
        "stay": "Go on working",
        "confirm_title": "Confirm that it is you",
        "confirm_lead": "There were unusually many look-ups today. Enter your password and a new 6-digit code to go on.",
        "confirm": "Confirm",
        "not_confirmed": "That could not be confirmed. Check the password and the newest 6-digit code, then try again.",
        "signed_out_title": "Signed out",
        "signed_out_lead": "Nothing of the session is left on this machine. Close the browser if others use it too.",
        "again": "Sign in again",
        "enrol_title": "Activate your account",
        "enrol_lead": "Use the activation code the insurance office gave you. It works once, within 3 days.",
        "invitation": "Activation code",
        "invitation_hint": "16 characters, such as ABCD-EFGH-JKLM-NPQR",
        "missing_invitation": "Enter the activation code, 16 characters.",
        "continue": "Continue",
        "factors_title": "Choose a password and a 6-digit code",
        "password_hint": "At least 8 characters. Some words that have nothing to do with each other are best.",
        "scan_this": "1. Scan this with the authenticator app on your telephone.",
        "or_type": "Cannot scan? Type this key into the app:",
        "then_type": "2. Choose a password and enter the 6-digit code the app shows.",
        "qr_alt": "QR code that adds Ansinh to an authenticator app",
        "activate": "Activate",
        "not_enrolled": "The account is not activated. Check the facility code, your number and the activation code; if it lasts, ask for a new code.",
        "enrolled": "The account is active. Sign in with the password and the next 6-digit code.",
        "enrol_again": "That took too long. Enter the activation code again.",
        "ways": "Pages",
        "to_patient": "Health book",
        "refused_title": "This page is old",
        "refused_lead": "The form no longer works and nothing was sent. Open the page again and start over.",
    },
}

# What the page's script says by itself.
SCRIPT_WORDS = (
    "asking",
    "slow",
    "offline",
    "waiting_one",
    "waiting_many",
    "queue_full",
    "server_trouble",
    "age_now",
    "age_minutes",
    "age_old",
    "camera_on",
    "camera_off",
    "camera_hint",
    "camera_preparing",
    "camera_refused",
)
