"""The words of the table of who may act for whom, and the states of a mandate as a transition table."""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from pathlib import Path

from ansinh.foundation.errors import Refusal


class Who(StrEnum):
    """In which role somebody acts."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    DELEGATE = "delegate"
    REPRESENTATIVE = "representative"
    STRANGER = "stranger"


class What(StrEnum):
    """What is done for somebody."""

    READ = "read"
    """See card, contribution book, payments, files and messages."""
    HEALTH = "health"
    """See the health book."""
    APPLY = "apply"
    """File, supplement and withdraw applications; choose a facility; ask for corrections."""
    RECEIVE = "receive"
    """Receive papers and money: name the account it is paid to."""
    DECIDE = "decide"
    """Decide about the person's data and mandates: hide, consent, object, dispute, download all."""
    DECLARE = "declare"
    """Send in an employer's declarations."""


class Circumstance(StrEnum):
    """Of whom somebody acts for. Under fourteen nobody signs in themselves; at eighteen a person is of full age."""

    UNDER_14 = "under_14"
    UNDER_18 = "under_18"
    ADULT = "adult"
    DEAD = "dead"
    EMPLOYER = "employer"


class Answer(StrEnum):
    """What a cell of the table says."""

    YES = "yes"
    GRANTED = "granted"
    NO = "no"


# What a mandate may grant, in the order pages show it.
GRANTABLE = (What.READ, What.HEALTH, What.APPLY, What.RECEIVE)
SIGNS_IN_FROM_AGE, FULL_AGE = 14, 18

WHO_WORDS: dict[Who, tuple[str, str]] = {
    Who.SELF: ("chính mình", "yourself"),
    Who.PARENT: ("cha hoặc mẹ", "parent"),
    Who.GUARDIAN: ("người giám hộ", "guardian"),
    Who.DELEGATE: ("người được ủy quyền", "person with a mandate"),
    Who.REPRESENTATIVE: ("người đại diện đơn vị", "employer's representative"),
    Who.STRANGER: ("người không có quyền", "somebody without a right"),
}
WHAT_WORDS: dict[What, tuple[str, str]] = {
    What.READ: ("xem thẻ, sổ BHXH, tiền đã nhận và hồ sơ", "see the card, contribution book, payments and files"),
    What.HEALTH: ("xem sổ sức khỏe", "see the health book"),
    What.APPLY: (
        "nộp và theo dõi hồ sơ, đề nghị sửa, chọn nơi khám",
        "file and follow applications, ask for corrections",
    ),
    What.RECEIVE: ("nhận giấy tờ, nhận tiền thay", "receive papers and money"),
    What.DECIDE: ("quyết định về dữ liệu cá nhân", "decide about personal data"),
    What.DECLARE: ("nộp tờ khai của đơn vị", "send in the employer's declarations"),
}


class MandateKind(StrEnum):
    """By whose will somebody acts: the person's own, or that of a court or commune."""

    DELEGATE = "delegate"
    GUARDIAN = "guardian"


class MandateState(StrEnum):
    """What has become of a mandate. Whether it is over by its last day, by full age or by death is a matter of the day, not of the state."""

    OFFERED = "offered"
    PREPARED = "prepared"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    REFUSED = "refused"
    REVOKED = "revoked"


class MandateEvent(StrEnum):
    """What happens to a mandate."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


# event → the states it may happen in → the state after it.
TRANSITIONS: dict[MandateEvent, dict[MandateState, MandateState]] = {
    MandateEvent.ACCEPTED: {MandateState.OFFERED: MandateState.IN_FORCE},
    MandateEvent.DECLINED: {MandateState.OFFERED: MandateState.DECLINED},
    MandateEvent.APPROVED: {MandateState.PREPARED: MandateState.IN_FORCE},
    MandateEvent.REFUSED: {MandateState.PREPARED: MandateState.REFUSED},
    MandateEvent.REVOKED: {
        MandateState.OFFERED: MandateState.REVOKED,
        MandateState.PREPARED: MandateState.REVOKED,
        MandateState.IN_FORCE: MandateState.REVOKED,
    },
}
STATE_WORDS: dict[MandateState, tuple[str, str]] = {
    MandateState.OFFERED: ("chờ người kia đồng ý", "waits for the other to agree"),
    MandateState.PREPARED: ("chờ cán bộ thứ hai duyệt", "waits for a second officer"),
    MandateState.IN_FORCE: ("đang có hiệu lực", "in force"),
    MandateState.DECLINED: ("người kia không nhận", "declined"),
    MandateState.REFUSED: ("không được duyệt", "refused"),
    MandateState.REVOKED: ("đã chấm dứt", "ended"),
}


class WrongState(Refusal):
    """What is asked for cannot happen to a mandate in its state."""

    code = "wrong_state"


def after(state: MandateState, event: MandateEvent) -> MandateState:
    """Return the state after an event; raises WrongState when it cannot happen."""
    reached = TRANSITIONS[event].get(state)
    if reached is None:
        vi, en = STATE_WORDS[state]
        raise WrongState(
            f"Ủy quyền này {vi} nên không làm được việc này nữa. Mở lại danh sách để xem tình trạng mới.",
            f"This mandate is “{en}”, so that cannot be done any more. Open the list again to see where it stands.",
            state=state.value,
        )
    return reached


_TABLE = Path(__file__).with_name("rules.csv")


@cache
def cells() -> dict[tuple[Who, Circumstance, What], Answer]:
    """Return the table: (who, circumstance, what) → answer."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {
        (Who(row["who"]), Circumstance(row["circumstance"]), what): Answer(row[what.value])
        for row in csv.DictReader(lines)
        for what in What
    }
