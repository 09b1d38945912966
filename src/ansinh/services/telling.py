"""Answers as people read them: the applicant who checks them, the officer who decides."""

from __future__ import annotations

from typing import Any

from ansinh.services.catalogue import Ask
from ansinh.services.content import KINSHIP

_YES, _NO = ("có", "yes"), ("không", "no")


def told_answer(ask: Ask, answer: Any) -> tuple[str, str]:
    """Return an answer of the catalogue's form in Vietnamese and English."""
    match ask.form:
        case "yes_no":
            return _YES if answer in (True, "yes") else _NO
        case "choice":
            return next(((one.vi, one.en) for one in ask.choices if one.value == answer), (str(answer), str(answer)))
        case "day":
            told = "/".join(reversed(str(answer).split("-")))
            return told, told
        case "relatives":
            kin = [(one["name"], KINSHIP.get(one["kinship"], (one["kinship"],) * 2)) for one in answer]
            return "; ".join(f"{name} ({vi})" for name, (vi, _) in kin), "; ".join(
                f"{name} ({en})" for name, (_, en) in kin
            )
        case _:
            return str(answer), str(answer)
