"""The verdicts about an insured record, as authentication against the population register leaves them."""

from __future__ import annotations

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
    "reported": ("applied", "refused", "gone"),
    "applied": (),
    "refused": (),
    "gone": (),
}
