"""The verdicts about an insured record, as authentication against the population register leaves them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

# verdict → what it says, Vietnamese and English
VERDICTS: dict[str, tuple[str, str]] = {
    "verified": ("khớp đúng", "identical to the register"),
    "corrected": ("khớp, có sai lệch cần sửa", "the same person; some fields were wrong"),
    "candidate": ("nghi vấn, chờ người xem xét", "doubtful; waits for a person's eyes"),
    "not_found": ("không tìm thấy", "nobody in the register"),
    "duplicate": ("trùng với hồ sơ khác", "a second record of a person already verified"),
    "excluded": ("lực lượng vũ trang và thân nhân, tính riêng", "armed forces and relatives; counted apart"),
}

# The verdicts that count a person as authenticated; a duplicate is a second record of someone already counted.
AUTHENTICATED = ("verified", "corrected")

# An officer is shown at most so many candidates side by side.
CANDIDATES_LENGTH_MAX = 5

# state of a discrepancy → the states it may go to
DISCREPANCY_STATES: dict[str, tuple[str, ...]] = {
    "open": ("applied", "refused", "reported", "gone"),
    "reported": ("open", "applied", "refused", "gone"),
    "applied": (),
    "refused": (),
    "gone": (),
}

# field → its name in both languages; facts about it are kept as text: days as 1980-05-04 (or 1980, 1980-05), an address as province/commune
FIELDS: dict[str, tuple[str, str]] = {
    "full_name": ("họ và tên", "full name"),
    "birth_date": ("ngày sinh", "birth date"),
    "sex": ("giới tính", "sex"),
    "pin": ("số định danh cá nhân", "personal identification number"),
    "address": ("nơi cư trú", "address"),
    "died_on": ("ngày chết", "day of death"),
}

# What these say decides money and who somebody is: two officers change them.
GUARDED_FIELDS = ("full_name", "birth_date", "sex", "pin", "died_on")

# why a number is no longer somebody's → in words, and whether it keeps leading to them
REPLACED, CANCELLED, WRONG = "replaced", "cancelled", "wrong"
ENDINGS: dict[str, tuple[str, str, bool]] = {
    REPLACED: ("được cấp số khác thay", "another number took its place", True),
    CANCELLED: ("bị hủy", "whoever issued it cancelled it", True),
    WRONG: ("gán nhầm người", "it had been given to the wrong person", False),
}

# how sure a fact is → in words
CERTAINTIES: dict[str, tuple[str, str]] = {
    "stated": ("theo khai báo", "as stated to the agency"),
    "registered": ("theo CSDL quốc gia về dân cư", "as the population register says"),
    "evidenced": ("có giấy tờ chứng minh", "as a paper an officer saw says"),
}


# who said it, as far as we name it ourselves → in words; papers are named by the officer who saw them
SOURCES: dict[str, tuple[str, str]] = {
    "agency file": ("hồ sơ của cơ quan", "the agency's file"),
    "population register": ("CSDL quốc gia về dân cư", "population register"),
    "civil status": ("hộ tịch", "civil status"),
}

# what became of a value said → in words
VALUE_STATES: dict[str, tuple[str, str]] = {
    "in use": ("đang dùng", "in use"),
    "former": ("trước đây", "former"),
    "open": ("đang khác", "differs"),
    "reported": ("đã báo sai sót", "reported as an error"),
    "applied": ("đã nhận", "adopted"),
    "refused": ("không nhận", "not adopted"),
    "gone": ("không còn khác", "differs no more"),
}


class RequestState(StrEnum):
    """Where a decision about a person stands."""

    PREPARED = "prepared"
    """One officer proposed it; nothing changed yet."""
    APPLIED = "applied"
    REFUSED = "refused"


class RequestKind(StrEnum):
    """What officers decide about persons."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    ADOPT = "adopt"
    """Take the register's word for many persons: one field, one rule."""
    MERGE = "merge"
    UNMERGE = "unmerge"


# request kind or state → in words
REQUEST_WORDS: dict[str, tuple[str, str]] = {
    "confirm": ("xác nhận", "confirm"),
    "correct": ("điều chỉnh", "correct"),
    "adopt": ("nhận theo CSDL dân cư", "adopt the register's"),
    "merge": ("gộp", "merge"),
    "unmerge": ("tách", "unmerge"),
    "prepared": ("chờ duyệt", "waiting"),
    "applied": ("đã thực hiện", "applied"),
    "refused": ("đã từ chối", "refused"),
}

REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.PREPARED: frozenset({RequestState.APPLIED, RequestState.REFUSED}),
    RequestState.APPLIED: frozenset(),
    RequestState.REFUSED: frozenset(),
}

# From this day the personal identification number is the number of social insurance (law 41/2024/QH15; linkage of Project 06): new records get no
# other, and the codes given before keep resolving.
PIN_IS_THE_NUMBER_FROM = date(2025, 8, 1)
