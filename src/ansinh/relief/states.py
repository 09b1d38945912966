"""States of an emergency, and where it may go from each."""

from __future__ import annotations

from enum import StrEnum


class EmergencyState(StrEnum):
    """How far an emergency is. Only an approved one changes how people are paid."""

    DECLARED = "declared"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


EMERGENCY_TRANSITIONS: dict[EmergencyState, tuple[EmergencyState, ...]] = {
    EmergencyState.DECLARED: (EmergencyState.APPROVED, EmergencyState.WITHDRAWN),
    EmergencyState.APPROVED: (EmergencyState.WITHDRAWN, EmergencyState.ENDED),
    EmergencyState.WITHDRAWN: (),
    EmergencyState.ENDED: (),
}


class Otherwise(StrEnum):
    """How a payee of the area is paid who has no confirmed account."""

    CASH = "cash"
    HOME = "home"


class Why(StrEnum):
    """Why a payee of the area was not reached, as far as is known."""

    REACHED = "reached"
    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"
    LIST_NOT_BACK = "list_not_back"
    RECALL_NOT_CONFIRMED = "recall_not_confirmed"
    BANK_NOT_ANSWERED = "bank_not_answered"
    RECALLED = "recalled"
    NOT_COLLECTED = "not_collected"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHHELD = "withheld"
    GIVEN_BACK = "given_back"


WORDS: dict[Why, tuple[str, str]] = {
    Why.REACHED: ("đã nhận", "reached"),
    Why.NOT_SENT: ("chưa gửi: chờ ký hoặc chờ bàn giao", "not sent: waits for signatures or hand-over"),
    Why.NO_ANSWER: ("đã gửi, chưa biết bên nhận có chưa", "sent, nobody knows yet whether it arrived"),
    Why.LIST_NOT_BACK: ("danh sách đang ở bưu điện, chưa có kết quả", "the list is with the post, no results yet"),
    Why.RECALL_NOT_CONFIRMED: ("đã yêu cầu thu hồi, bưu điện chưa xác nhận", "recalled, not confirmed by the post"),
    Why.BANK_NOT_ANSWERED: ("ngân hàng chưa trả lời", "the bank has not answered"),
    Why.RECALLED: ("đã thu hồi, chờ chuyển lại", "taken back, waits to go another way"),
    Why.NOT_COLLECTED: ("không gặp hoặc không đến nhận", "not met, or did not come"),
    Why.REJECTED: ("ngân hàng từ chối", "refused by the bank"),
    Why.RETURNED: ("tiền bị trả về", "the money came back"),
    Why.WITHHELD: ("đang giữ để xác minh", "withheld until it is looked into"),
    Why.GIVEN_BACK: ("đã thôi chi, khoản này chờ kỳ sau", "given back, due in a later run"),
}
