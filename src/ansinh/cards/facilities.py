"""Which facilities one may be registered with for first contact."""

from __future__ import annotations

from datetime import date

from ansinh.foundation.errors import Refusal
from ansinh.places.queries import facility

FIRST_CONTACT_LEVELS = ("primary", "basic")


class NotFirstContact(Refusal):
    """Nobody can be registered with this facility on that day."""

    code = "not_first_contact"


def require_first_contact(code: str, day: date) -> None:
    """Refuse (`not_first_contact`) a facility that is unknown, closed on `day`, or above the basic level of care (Law 51/2024/QH15 art. 26)."""
    found = facility(code)
    if found is None or found.level not in FIRST_CONTACT_LEVELS or (found.valid_until and found.valid_until <= day):
        raise NotFirstContact(
            f"Cơ sở {code[:5]} không nhận đăng ký khám chữa bệnh ban đầu vào ngày {day:%d/%m/%Y}: chọn cơ sở cấp ban đầu hoặc cơ bản đang hoạt động.",
            f"Facility {code[:5]} takes no first-contact registration on {day}: choose an open one of the primary or basic level.",
        )
