"""Which papers there are as credentials, and what each says; words in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """A paper a citizen may keep in a wallet."""

    HEALTH_CARD = "health_card"
    REFERRAL = "referral"
    APPOINTMENT = "appointment"
    CONTRIBUTIONS = "contribution_statement"


@dataclass(frozen=True)
class Said:
    """What a kind is called, what it says (each shown only if the holder chooses to), and for how long one is good."""

    vi: str
    en: str
    claims: tuple[tuple[str, str, str], ...]
    lifetime: timedelta


_WHO = (("full_name", "Họ và tên", "Full name"), ("born", "Ngày sinh", "Date of birth"))
KINDS: dict[Kind, Said] = {
    Kind.HEALTH_CARD: Said(
        "Thẻ bảo hiểm y tế",
        "Health insurance card",
        (
            *_WHO,
            ("card_number", "Số thẻ", "Card number"),
            ("share_percent", "Mức hưởng (%)", "Share (%)"),
            ("facility", "Nơi đăng ký khám ban đầu", "Facility"),
            ("facility_name", "Tên cơ sở", "Name of the facility"),
            ("valid_from", "Có giá trị từ", "Valid from"),
            ("valid_until", "Có giá trị đến trước ngày", "Valid until, that day excluded"),
        ),
        timedelta(days=30),
    ),
    Kind.REFERRAL: Said(
        "Giấy chuyển cơ sở khám bệnh, chữa bệnh",
        "Referral paper",
        (
            *_WHO,
            ("number", "Số giấy", "Number"),
            ("issuer", "Nơi chuyển", "Issued by"),
            ("to_facility", "Nơi chuyển đến", "To"),
            ("issued_on", "Ngày cấp", "Issued on"),
            ("valid_until", "Hạn dùng", "Last day"),
            ("diagnosis", "Chẩn đoán", "Diagnosis"),
        ),
        timedelta(days=30),
    ),
    Kind.APPOINTMENT: Said(
        "Giấy hẹn khám lại",
        "Re-examination appointment",
        (
            *_WHO,
            ("number", "Số giấy", "Number"),
            ("facility", "Nơi khám", "Facility"),
            ("due_on", "Ngày hẹn", "Due on"),
            ("valid_until", "Hạn dùng", "Last day"),
        ),
        timedelta(days=30),
    ),
    Kind.CONTRIBUTIONS: Said(
        "Xác nhận thời gian đóng bảo hiểm xã hội",
        "Statement of contributions",
        (
            *_WHO,
            ("months", "Tổng số tháng", "Months in all"),
            ("compulsory_months", "Bắt buộc", "Compulsory"),
            ("voluntary_months", "Tự nguyện", "Voluntary"),
            ("first_month", "Tháng đầu", "First month"),
            ("last_month", "Tháng cuối", "Last month"),
            ("as_of", "Tính đến ngày", "As known on"),
        ),
        timedelta(days=30),
    ),
}
# On a QR code, which anybody may photograph, a card lives for days.
SHOWN_LIFETIME = timedelta(days=7)
CODE_LIFETIME = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(minutes=10)
NONCE_LIFETIME = timedelta(minutes=5)
# A wallet's request waits while its citizen signs in. Names of answered ones are kept as used nonces are, for twice a nonce's lifetime, so it is shorter.
REQUEST_LIFETIME = timedelta(minutes=9)
# A code that travels through a browser.
PERMITTED_LIFETIME = timedelta(minutes=1)
TX_CODE_LENGTH = 6
TX_CODE_TRIES = 5
COPIES_MAX = 5
