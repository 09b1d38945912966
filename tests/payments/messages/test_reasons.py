"""Each reason a bank gives has one action, and what has no rule goes to a person."""

from __future__ import annotations

import pytest

from ansinh.payments.messages.reasons import Action, reason, reasons


@pytest.mark.parametrize(
    ("code", "action"),
    [
        *[(code, Action.FIX_ACCOUNT) for code in ("AC01", "AC04", "AC06", "BE01", "RC01")],
        ("MD07", Action.CHECK_DEATH),
        ("AM04", Action.FUND),
        *[(code, Action.ASK_FIRST) for code in ("AM05", "DUPL")],
        *[(code, Action.STOP_ADAPTER) for code in ("FF01", "AM10", "AM18")],
        *[(code, Action.NEXT_WINDOW) for code in ("TM01", "DT01")],
        *[(code, Action.LOOK) for code in (None, "", "ZZ99")],
    ],
)
def test_reason_says_what_is_done(code: str | None, action: Action) -> None:
    assert reason(code).action is action


def test_every_reason_is_told_in_both_languages() -> None:
    assert all(row.vi and row.en and code == row.code for code, row in reasons().items())
