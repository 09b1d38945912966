"""The words of the page that asks for a correction of the contribution book."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "title": "Đề nghị sửa sổ bảo hiểm xã hội",
        "lead": "Nói bằng lời của bạn. Hai cán bộ xem, sổ chỉ đổi khi cả hai đồng ý.",
        "wrong": "Chỗ nào sai hoặc thiếu?",
        "wrong_hint": "Ví dụ: thiếu tháng 3 đến tháng 8 năm 2019 tại Công ty May Sông Hồng",
        "evidence": "Giấy tờ nào cho thấy điều đó?",
        "evidence_hint": "Ví dụ: hợp đồng lao động số 12/2019, bảng lương. Chưa cần nộp bản giấy.",
        "wrong_empty": "Viết chỗ sai hoặc thiếu, từ 1 đến 500 ký tự.",
        "evidence_empty": "Viết tên giấy tờ, từ 1 đến 500 ký tự.",
        "send": "Gửi đề nghị sửa",
        "done": "Đã nhận đề nghị số {request}.",
        "done_text": "Cơ quan BHXH trả lời trước {due}. Bạn theo dõi ngay ở trang này.",
        "mine": "Các đề nghị của bạn",
        "number": "Đề nghị số {request}",
        "filed": "Gửi ngày {day}",
        "answer": "Trả lời",
        "state_filed": "Đã nhận",
        "state_prepared": "Đang xem xét",
        "state_applied": "Đã sửa sổ",
        "state_refused": "Không sửa",
        "book": "Quá trình đóng",
    },
    "en": {
        "title": "Ask for a correction of your book",
        "lead": "Say it in your own words. Two officers look at it; the book changes only when both agree.",
        "wrong": "What is wrong or missing?",
        "wrong_hint": "For example: March to August 2019 at the garment company Sông Hồng are missing",
        "evidence": "Which paper shows it?",
        "evidence_hint": "For example: labour contract 12/2019, pay slips. You need not hand in paper yet.",
        "wrong_empty": "Write what is wrong or missing, 1 to 500 characters.",
        "evidence_empty": "Write which paper it is, 1 to 500 characters.",
        "send": "Send the request",
        "done": "Your request {request} was received.",
        "done_text": "The agency answers before {due}. You can follow it on this page.",
        "mine": "Your requests",
        "number": "Request {request}",
        "filed": "Sent on {day}",
        "answer": "Answer",
        "state_filed": "Received",
        "state_prepared": "Being looked into",
        "state_applied": "Corrected",
        "state_refused": "Not corrected",
        "book": "Contributions",
    },
}
