"""What becomes of an event of the register, and of an error reported to it: states, permitted transitions, public words."""

from __future__ import annotations

WAITING, APPLIED, CONTAINED, PARKED, UNDONE = "waiting", "applied", "contained", "parked", "undone"

# (from, to): what has happened. "" is an event not yet received.
TRANSITIONS: dict[tuple[str, str], str] = {
    ("", WAITING): "received whole, with a signature that holds",
    ("", PARKED): "received, but it cannot be believed or read",
    (WAITING, APPLIED): "its turn came and the mirror shows it",
    (WAITING, CONTAINED): "a record the register gave whole shows it already",
    (WAITING, PARKED): "its turn came and it contradicts what was told before",
    (PARKED, WAITING): "received again, whole; or an officer lets it try again",
    (PARKED, CONTAINED): "a record the register gave whole shows it already",
    (APPLIED, UNDONE): "the register withdrew it",
    (APPLIED, PARKED): "a record the register gave whole does not show it",
    (CONTAINED, PARKED): "a record the register gave whole does not show it",
    (UNDONE, PARKED): "a record the register gave whole does not show it",
    (CONTAINED, UNDONE): "the register withdrew it",
}

# state → what others see, Vietnamese and English
PUBLIC_NAMES: dict[str, tuple[str, str]] = {
    WAITING: ("chờ đến lượt", "waits for its turn"),
    APPLIED: ("đã ghi nhận", "applied"),
    CONTAINED: ("đã có trong bản ghi nhận trước", "shown by a record received whole"),
    PARKED: ("tạm để riêng, cần xem xét", "parked"),
    UNDONE: ("đã được thu hồi", "withdrawn by the register"),
}

# Why an event is parked.
PARKING_REASONS: dict[str, tuple[str, str]] = {
    "signature": ("chữ ký không đúng", "its signature does not hold"),
    "unreadable": ("không đúng mẫu đã thống nhất", "it has not the agreed shape"),
    "unlike_its_cover": ("nội dung khác phần bao ngoài", "it is not the event its cover says"),
    "other_person": ("bản ghi của người khác", "it carries another person's record"),
    "sequence_taken": ("số thứ tự đã dùng cho sự kiện khác", "another event has its place in the person's sequence"),
    "field_not_of_kind": ("trường không thuộc loại sự kiện", "it changes a field its kind may not change"),
    "cancelled_number": ("số định danh đã hủy", "its number was cancelled before"),
    "impossible_day": ("ngày không hợp lý", "its days contradict each other"),
    "withdrawal_disagrees": ("việc thu hồi không khớp", "what it withdraws was not told, or looked different"),
    "not_in_record": ("bản ghi gốc không thể hiện", "a record the register gave whole does not show it"),
    "refused_by_database": ("cơ sở dữ liệu từ chối", "the database refused its values"),
}

REPORTED, SENT, CORRECTED, CONFIRMED, UNKNOWN = "reported", "sent", "corrected", "confirmed", "unknown"

REPORT_TRANSITIONS: dict[tuple[str, str], str] = {
    ("", REPORTED): "somebody found the register wrong and says by which evidence",
    (REPORTED, SENT): "the register has it",
    (SENT, CORRECTED): "the register was wrong; the correction comes as an event",
    (SENT, CONFIRMED): "the register stands by its record",
    (SENT, UNKNOWN): "the register does not know whom this is about",
}

REPORT_NAMES: dict[str, tuple[str, str]] = {
    REPORTED: ("chờ gửi", "waits to be sent"),
    SENT: ("chờ trả lời", "waits for the register's reply"),
    CORRECTED: ("CSDL dân cư đã sửa", "corrected by the register"),
    CONFIRMED: ("CSDL dân cư xác nhận đúng", "confirmed by the register"),
    UNKNOWN: ("CSDL dân cư không có người này", "unknown to the register"),
}

OPEN_REPORTS = (REPORTED, SENT)
"""States in which the register has still to say something."""


def sources_of(state: str) -> list[str]:
    """Return the states from which an event may reach `state`."""
    return [start for start, end in TRANSITIONS if end == state and start]
