"""What can go wrong at an office: outcomes of single files, drawn from the subject's number, the same ones for the same seed.

    --faults "refuse=0.05,withdraw=0.02,silent=0.01,slow=0.1,correct=0.03,twice=0.05,seed=7"

Rates are shares of files. A file can also be given an outcome by name (`POST /scenarios`), whatever the rates say.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum

from ansinh_sandbox.chances import share


class Scenario(Enum):
    """What an office does with a file."""

    ORDINARY = "ordinary"
    REFUSE = "refuse"
    CORRECT = "correct"
    """Asks for a correction, and goes on when it has one."""
    WITHDRAW = "withdraw"
    """Answers, and takes the answer back some days later: it was a mistake."""
    SILENT = "silent"
    """Takes the message and says nothing until it is asked."""
    SLOW = "slow"
    """Answers days later than it should."""
    TWICE = "twice"
    """Says everything twice, the second time under another number."""


SLOW_DAYS = 6
WITHDRAW_DAYS = 3


@dataclass(frozen=True)
class Faults:
    """Shares of files that are not ordinary; none is an honest office."""

    refuse: float = 0.0
    correct: float = 0.0
    withdraw: float = 0.0
    silent: float = 0.0
    slow: float = 0.0
    twice: float = 0.0
    lose_answer: float = 0.0
    """Share of calls whose answer is lost on the way, after the office has done its part."""
    seed: float = 0.0

    def scenario(self, subject: str) -> Scenario:
        """Return what becomes of the file about a subject."""
        drawn = share(f"{self.seed:g}:{subject}")
        for scenario in (
            Scenario.REFUSE,
            Scenario.CORRECT,
            Scenario.WITHDRAW,
            Scenario.SILENT,
            Scenario.SLOW,
            Scenario.TWICE,
        ):
            part = float(getattr(self, scenario.value))
            if drawn < part:
                return scenario
            drawn -= part
        return Scenario.ORDINARY

    def loses_answer(self, call: str) -> bool:
        """Tell whether the answer to a call gets lost."""
        return self.lose_answer > 0 and share(f"{self.seed:g}:answer:{call}") < self.lose_answer


HONEST = Faults()


def faults_from(text: str) -> Faults:
    """Read an office's faults; raises ValueError for an unknown one."""
    known = {field.name for field in fields(Faults)}
    values: dict[str, float] = {}
    for switch in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = switch.partition("=")
        if name not in known:
            raise ValueError(f"there is no fault “{name}”; known: {', '.join(sorted(known))}")
        values[name] = float(value or 1)
    return Faults(**values)
