"""What is done about a rejected or returned payment, by the bank's code (ISO 20022 external status reason codes). Codes are rows, not branches."""

from __future__ import annotations

from enum import IntEnum


class Action(IntEnum):
    """What follows."""

    FIX_ACCOUNT = 1
    """The order is open; the account is stopped until the payee has corrected it."""
    DEATH = 2
    """The order is withheld; a case asks whether the payee has died."""
    FUNDS = 3
    """Our own account was short: an alarm; the order is open."""
    ASK = 4
    """Not a failure: the bank has the first one; a case asks for its result."""
    OUR_MISTAKE = 5
    """The message was wrong: the adapter must be stopped."""
    NEXT_WINDOW = 6
    """Too late for the day: the order is open."""
    PERSON = 7
    """No rule: a person decides."""


REASONS: dict[str, Action] = {
    "AC01": Action.FIX_ACCOUNT,
    "AC04": Action.FIX_ACCOUNT,
    "AC06": Action.FIX_ACCOUNT,
    "BE01": Action.FIX_ACCOUNT,
    "RC01": Action.FIX_ACCOUNT,
    "MD07": Action.DEATH,
    "AM04": Action.FUNDS,
    "AM05": Action.ASK,
    "DUPL": Action.ASK,
    "FF01": Action.OUR_MISTAKE,
    "AM10": Action.OUR_MISTAKE,
    "AM18": Action.OUR_MISTAKE,
    "TM01": Action.NEXT_WINDOW,
    "DT01": Action.NEXT_WINDOW,
}
# How a bank over HTTP says that it has a message under this id.
_HAS_ANOTHER = "HTTP 409"


def tells_of_a_first(reason: str) -> bool:
    """Tell whether a refusal says that the partner has the message already: that is no failure, whatever became of the first one is asked."""
    code = reason.partition(" ")[0]
    return reason == _HAS_ANOTHER or REASONS.get(code) is Action.ASK


# Action → kind of the case it opens; those that open none are paid again without a person.
CASES: dict[Action, str] = {
    Action.DEATH: "death_check",
    Action.FUNDS: "funds_short",
    Action.ASK: "ask_first_result",
    Action.OUR_MISTAKE: "our_mistake",
    Action.PERSON: "unknown_reason",
}
