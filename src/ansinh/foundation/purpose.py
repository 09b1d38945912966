"""Why a person's record is looked at. Every look-up names one purpose, and the audit keeps it."""

from __future__ import annotations

from enum import IntEnum


class Purpose(IntEnum):
    """The purposes a look-up may have; the numbers are stored in the audit and never reused."""

    TREATMENT = 1
    REGISTRATION = 2
    REFERRAL = 3
    CLAIM = 4
    ADMINISTRATION = 5
    OWN_RECORD = 6
    EMERGENCY = 7

    @property
    def code(self) -> str:
        """Return the word machines write."""
        return self.name.lower()

    @property
    def vi(self) -> str:
        """Return the words people read."""
        return _VI[self]


_VI = {
    Purpose.TREATMENT: "khám bệnh, chữa bệnh",
    Purpose.REGISTRATION: "tiếp đón người bệnh",
    Purpose.REFERRAL: "chuyển cơ sở khám bệnh, chữa bệnh",
    Purpose.CLAIM: "giám định, thanh toán chi phí",
    Purpose.ADMINISTRATION: "quản lý người tham gia",
    Purpose.OWN_RECORD: "xem dữ liệu của chính mình",
    Purpose.EMERGENCY: "cấp cứu",
}
# What facilities look people up for; one's own record is only looked at by oneself, and an emergency is declared before it is used.
FACILITY_PURPOSES = tuple(one for one in Purpose if one not in {Purpose.OWN_RECORD, Purpose.EMERGENCY})
