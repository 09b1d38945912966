"""The words all acting pages share."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "check_title": "Xem lại trước khi gửi",
        "check_lead": "Chưa có gì được gửi đi. Nếu đúng, bấm nút ở cuối trang.",
        "change": "Sửa lại",
        "continue": "Tiếp tục",
        "needed": "điền câu trả lời.",
    },
    "en": {
        "check_title": "Check before you send",
        "check_lead": "Nothing has been sent yet. If all is right, use the button at the end.",
        "change": "Change the answers",
        "continue": "Continue",
        "needed": "give an answer.",
    },
}
