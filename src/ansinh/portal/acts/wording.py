"""What was done, in words a citizen knows, for the names operations bear; and until when something is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ansinh.foundation.clock import VIET_NAM
from ansinh.screens.saying import day, moment

_ACTS: dict[str, tuple[str, str]] = {
    "participation.file_request": ("đề nghị sửa sổ BHXH", "asked for a correction of the book"),
    "participation.read_book": ("xem quá trình đóng", "looked at the contribution book"),
    "participation.issue_statement": ("tải giấy xác nhận quá trình đóng", "took a statement of contributions"),
    "payments.file_account": ("khai tài khoản nhận tiền", "named an account to be paid to"),
    "payments.confirm_account": ("xác nhận tài khoản nhận tiền", "confirmed the account to be paid to"),
    "cards.change_facility": ("chọn nơi khám chữa bệnh ban đầu", "chose the first-contact facility"),
    "disclosure.read_book": ("xem sổ sức khỏe", "looked at the health book"),
    "disclosure.read_visit": ("xem một lần khám", "looked at a visit"),
    "disclosure.hide_chapter": ("ẩn một phần sổ sức khỏe", "hid a chapter of the health book"),
    "disclosure.show_chapter": ("bỏ ẩn một phần sổ sức khỏe", "showed a hidden chapter"),
    "disclosure.withdraw_consent": ("rút lại sự đồng ý", "took a consent back"),
    "services.submit_application": ("nộp hồ sơ trực tuyến", "sent an application in"),
    "services.supplement_application": ("bổ sung hồ sơ", "supplemented an application"),
    "services.withdraw_application": ("rút hồ sơ", "withdrew an application"),
    "confirmations.answer_confirmation": ("trả lời đề nghị xác nhận", "answered what a relative asked"),
    "services.save_draft": ("soạn hồ sơ", "began an application"),
    "rights.file_data_request": ("gửi yêu cầu về dữ liệu", "asked about personal data"),
    "rights.dispute_look": ("khiếu nại một lượt xem", "disputed a look"),
    "rights.make_download": ("tạo bản dữ liệu tải về", "made a download of everything"),
    "rights.fetch_download": ("tải toàn bộ dữ liệu", "downloaded everything"),
    "mandates.declare_for_employer": ("nộp tờ khai của đơn vị", "sent in an employer's declaration"),
    "portal.read_page": ("xem một trang", "looked at a page"),
}


def act_in_words(act: str, language: str) -> str:
    """Return an act in the reader's language; one without words by its kind."""
    vi, en = _ACTS.get(act, ("việc khác", "something else"))
    return vi if language == "vi" else en


def until(due: datetime, language: str) -> str:
    """Return until when: what ends at midnight ends with the day before."""
    local = due.astimezone(VIET_NAM)
    if local.time() != time():
        return moment(due)
    last = day((local - timedelta(days=1)).date())
    return f"hết ngày {last}" if language == "vi" else f"the end of {last}"


def begun_large(text: str) -> str:
    """Return a text with its first letter large, the others as they are (HIV)."""
    return text[:1].upper() + text[1:]
