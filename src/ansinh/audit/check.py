"""The form of a check: what must never be false, how much was looked at, and who offends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansinh.database.sql import number, rows

OFFENDING_LENGTH_MAX = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One invariant: `counted` things were looked at; `offending` names some of those that break it, by record number."""

    name: str
    counted: int
    offending: Sequence[str]

    @property
    def ok(self) -> bool:
        """Tell whether nothing offends."""
        return not self.offending


def check_by_query(name: str, counted: str, offending: str) -> CheckResult:
    """Run a check that is two queries: how many things there are, and which of them (first column) offend."""
    found = rows(f"SELECT * FROM ({offending}) AS found LIMIT {OFFENDING_LENGTH_MAX}")
    return CheckResult(name, number(counted), [str(one[0]) for one in found])
