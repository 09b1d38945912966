"""The cases of benefits and their answers, worked out once for all tests of a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansinh.rules.situations import cases_of, plain_values
from ansinh.rules.situations.answers import Answer

_FILES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))
CASES: list[dict[str, Any]] = [
    case for file in _FILES if file.stem not in {"health_insurance", "parameters"} for case in plain_values(file)
]
ANSWERED = [place for place, case in enumerate(CASES) if "refused" not in case]


@cache
def answer(place: int) -> Answer:
    """Return the answer to the case at a place; raises what the question raises."""
    stated = {key: value for key, value in CASES[place].items() if key not in {"expect", "refused"}}
    return cases_of([stated])[0].answer()


def title(place: int) -> str:
    """Return a case's name in test reports."""
    return f"{CASES[place].get('on', '')} {CASES[place]['title']}"
