"""States of referral papers and appointments as transition tables, and what a paper is found to be when somebody shows it."""

from __future__ import annotations

from enum import StrEnum

from ansinh.foundation.errors import Refusal


class ReferralState(StrEnum):
    """What has become of a referral paper. Whether it is still valid is a matter of the day, not of the state."""

    ISSUED = "issued"
    USED = "used"
    WITHDRAWN = "withdrawn"


class ReferralEvent(StrEnum):
    """What happens to a referral paper."""

    USED = "used"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


# event → the states it may happen in → the state after it. A year-long paper is used again while it is valid, by the facility that used it first. A use
# is released when the visit it was for is withdrawn; a paper comes back when the visit that issued it is sent again.
REFERRAL_TRANSITIONS: dict[ReferralEvent, dict[ReferralState, ReferralState]] = {
    ReferralEvent.USED: {
        ReferralState.ISSUED: ReferralState.USED,
        ReferralState.USED: ReferralState.USED,
    },
    ReferralEvent.RELEASED: {
        ReferralState.USED: ReferralState.ISSUED,
        ReferralState.WITHDRAWN: ReferralState.WITHDRAWN,
    },
    ReferralEvent.WITHDRAWN: {
        ReferralState.ISSUED: ReferralState.WITHDRAWN,
        ReferralState.USED: ReferralState.WITHDRAWN,
    },
    ReferralEvent.REINSTATED: {ReferralState.WITHDRAWN: ReferralState.ISSUED},
}


class AppointmentState(StrEnum):
    """What has become of an appointment. One nobody came to is `booked`, and over when its window is."""

    BOOKED = "booked"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class AppointmentEvent(StrEnum):
    """What happens to an appointment."""

    KEPT = "kept"
    MOVED = "moved"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


APPOINTMENT_TRANSITIONS: dict[AppointmentEvent, dict[AppointmentState, AppointmentState]] = {
    AppointmentEvent.KEPT: {AppointmentState.BOOKED: AppointmentState.KEPT},
    AppointmentEvent.MOVED: {AppointmentState.BOOKED: AppointmentState.BOOKED},
    AppointmentEvent.RELEASED: {AppointmentState.KEPT: AppointmentState.BOOKED},
    AppointmentEvent.WITHDRAWN: {
        AppointmentState.BOOKED: AppointmentState.WITHDRAWN,
        AppointmentState.KEPT: AppointmentState.WITHDRAWN,
    },
    AppointmentEvent.REINSTATED: {AppointmentState.WITHDRAWN: AppointmentState.BOOKED},
}


class Reach(StrEnum):
    """How far a referral paper reaches: one visit within ten working days, or a year of visits for a listed disease."""

    ONCE = "once"
    YEAR = "year"


class Path(StrEnum):
    """Whether the patient is on the path of the law: sent for a reason of care, or going at their own wish."""

    RIGHT = "right"
    OWN_WISH = "own_wish"


class Verdict(StrEnum):
    """What a paper is found to be when a facility shows it; the first that holds, in this order."""

    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    OTHER_FACILITY = "other_facility"
    USED = "used"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USABLE = "usable"


VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.UNKNOWN: (
        "Không có giấy này của người bệnh. Kiểm tra số giấy, hoặc liên hệ cơ sở đã cấp.",
        "The patient has no such paper. Check its number, or ask the facility that issued it.",
    ),
    Verdict.WITHDRAWN: (
        "Giấy đã bị thu hồi cùng lượt khám đã cấp. Liên hệ cơ sở đã cấp.",
        "The paper was withdrawn with the visit that issued it. Ask the facility that issued it.",
    ),
    Verdict.OTHER_FACILITY: (
        "Giấy được cấp đến cơ sở khác. Hướng dẫn người bệnh đến đúng cơ sở ghi trên giấy.",
        "The paper sends the patient to another facility. Show them the way there.",
    ),
    Verdict.USED: (
        "Giấy đã được sử dụng. Giấy chỉ dùng một lần; cần giấy mới.",
        "The paper was used already. It is good for one visit; a new paper is needed.",
    ),
    Verdict.NOT_YET: (
        "Giấy chưa đến ngày có giá trị.",
        "The paper is not valid yet.",
    ),
    Verdict.EXPIRED: (
        "Giấy đã hết hạn. Cần giấy mới của cơ sở đã cấp.",
        "The paper has expired. A new one of the facility that issued it is needed.",
    ),
    Verdict.USABLE: ("Giấy dùng được.", "The paper can be used."),
}


class PaperRefused(Refusal):
    """A paper cannot be used; `verdict` says why, and of a used one when and where it was."""

    code = "paper_refused"
