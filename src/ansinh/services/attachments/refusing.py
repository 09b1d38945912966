"""The one refusal of a file, with the rule it broke; and limits every kind of file shares."""

from __future__ import annotations

from ansinh.foundation.errors import Refusal

BYTES_MAX = 10_000_000
PIXELS_MAX = 40_000_000
SIDE_MAX = 20_000


class AttachmentRefused(Refusal):
    """The file is not taken: `rule` says why."""

    code = "attachment_refused"


_RULES: dict[str, tuple[str, str]] = {
    "empty": ("tệp rỗng", "it is empty"),
    "too_large": (f"tệp lớn hơn {BYTES_MAX // 1_000_000} MB", f"it is larger than {BYTES_MAX // 1_000_000} MB"),
    "kind": (
        "nội dung không phải PDF, ảnh JPEG, PNG hoặc văn bản DOCX, XLSX",
        "its content is no PDF, JPEG or PNG picture, DOCX or XLSX document",
    ),
    "name": (
        "tên tệp không đúng với nội dung; đuôi tệp cần là .pdf, .jpg, .png, .docx hoặc .xlsx",
        "its name does not fit its content; it must end in .pdf, .jpg, .png, .docx or .xlsx",
    ),
    "broken": ("tệp hỏng hoặc thiếu phần cuối", "it is broken or cut off"),
    "two_in_one": ("trong tệp còn có tệp khác", "there is another file inside it"),
    "active": (
        "tệp có mã lệnh, tệp nhúng hoặc liên kết tự chạy; hãy in lại thành PDF thường",
        "it holds code, embedded files or links that start by themselves; print it to a plain PDF",
    ),
    "locked": ("tệp có mật khẩu nên không kiểm tra được", "it has a password and cannot be checked"),
    "unfolds": ("tệp nén bung ra quá lớn", "it unfolds into far too much"),
    "dimensions": (
        f"ảnh quá lớn: không quá {PIXELS_MAX // 1_000_000} triệu điểm ảnh",
        f"the picture is too large: at most {PIXELS_MAX // 1_000_000} million points",
    ),
    "too_many": ("hồ sơ đã đủ 20 tệp hoặc 50 MB", "the application has its 20 files or 50 MB"),
}


def refused(rule: str) -> AttachmentRefused:
    """Return the refusal of a file by a rule."""
    vi, en = _RULES[rule]
    return AttachmentRefused(
        f"Không nhận tệp này: {vi}. Chưa có gì được lưu.",
        f"This file is not taken: {en}. Nothing was kept.",
        field="attachment",
        rule=rule,
    )
