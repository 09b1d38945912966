"""What is done for each reason a bank gives; the table is `reasons.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml


class Action(StrEnum):
    """What follows from a reason; the words are explained above the table."""

    FIX_ACCOUNT = "fix_account"
    CHECK_DEATH = "check_death"
    FUND = "fund"
    ASK_FIRST = "ask_first"
    STOP_ADAPTER = "stop_adapter"
    NEXT_WINDOW = "next_window"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, what is done, and how it is told."""

    code: str | None
    action: Action
    vi: str
    en: str


_NO_RULE_VI, _NO_RULE_EN = "Ngân hàng không nêu lý do theo mã", "The bank gave no reason we have a rule for"


@cache
def reasons() -> dict[str, Reason]:
    """Return the table; raises ValueError for an action that is none."""
    table = yaml.safe_load((Path(__file__).parent / "reasons.yaml").read_text(encoding="utf-8"))
    return {code: Reason(code, Action(row["action"]), row["vi"], row["en"]) for code, row in table.items()}


def reason(code: str | None) -> Reason:
    """Return what is done for a code; no code and unknown ones go to a person."""
    return reasons().get(code or "") or Reason(code, Action.LOOK, _NO_RULE_VI, _NO_RULE_EN)
