"""The words about files handed in with an application."""

from __future__ import annotations

from ansinh.portal.words import Words

WORDS: Words = {
    "vi": {
        "title": "Giấy tờ gửi kèm",
        "explained": "Phần lớn hồ sơ không cần giấy tờ nào. Chỉ gửi khi đúng trường hợp ghi ở từng loại; chụp bằng điện thoại là được.",
        "other": "Giấy tờ khác",
        "formats": "Nhận ảnh (JPEG, PNG), PDF, DOCX, XLSX. Mỗi tệp không quá 10 MB.",
        "too_many": "Mỗi lần gửi không quá 10 tệp: gửi các tệp còn lại ở lần sau.",
        "attached": "Tệp đã gửi kèm",
        "remove": "Bỏ tệp này",
        "open": "Tải xuống",
        "looked": "đã mở {count} lần",
        "nothing": "Chọn tệp hoặc điền câu trả lời rồi mới gửi.",
    },
    "en": {
        "title": "Papers to send along",
        "explained": "Most applications need no paper. Send one only in the case named beside it; a photograph will do.",
        "other": "Another paper",
        "formats": "Pictures (JPEG, PNG), PDF, DOCX and XLSX are taken, each file of at most 10 MB.",
        "too_many": "At most 10 files are taken at a time: send the others afterwards.",
        "attached": "Files sent along",
        "remove": "Take this file away",
        "open": "Download",
        "looked": "opened {count} times",
        "nothing": "Choose a file or give an answer before you send.",
    },
}
