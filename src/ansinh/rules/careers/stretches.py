"""Stretches of contributions as people and books state them: from a month to a month, at a monthly wage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ansinh.rules.careers.months import Month

# Multiples of the base salary are counted in ten-thousandths, so that 4.98 with 7 % for seniority stays whole.
COEFFICIENT_UNIT = 10_000


class Pay(StrEnum):
    """Who sets the pay, which decides how it is averaged (Law 41/2024/QH15 art. 72)."""

    EMPLOYER = "employer"
    STATE = "state"
    VOLUNTARY = "voluntary"


class Work(StrEnum):
    """Kind of work, which decides the age (Law 41/2024/QH15 art. 64)."""

    NORMAL = "normal"
    HEAVY = "heavy"
    SPECIALLY_HEAVY = "specially_heavy"
    COAL = "coal"
    DIFFICULT_AREA = "difficult_area"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months from `start` (in) until `end` (out) at one wage.

    `wage` is in đồng a month; State pay may be stated as `coefficient` instead, a multiple of the base salary in ten-thousandths.
    """

    start: Month
    end: Month
    wage: int | None
    pay: Pay = Pay.EMPLOYER
    work: Work = Work.NORMAL
    coefficient: int | None = None

    @property
    def months(self) -> int:
        """Return how many months it has."""
        return self.end.index - self.start.index

    def each_month(self) -> Iterator[Month]:
        """Return its months in order."""
        return (Month.at(index) for index in range(self.start.index, self.end.index))


@dataclass(frozen=True, slots=True)
class Counted:
    """Months of a career, by what the law asks for."""

    compulsory: int
    voluntary: int
    before_2014: int
    heavy: int
    specially_heavy: int
    coal: int
    first: Month
    first_voluntary: Month | None


def count(stretches: Sequence[Stretch], split: Month) -> Counted:
    """Count a career's months; the stretches are in order, do not overlap, and there is at least one. Months before `split` count less in one-off benefits."""
    heavy = (Work.HEAVY, Work.SPECIALLY_HEAVY, Work.DIFFICULT_AREA)
    return Counted(
        compulsory=sum(one.months for one in stretches if one.pay is not Pay.VOLUNTARY),
        voluntary=sum(one.months for one in stretches if one.pay is Pay.VOLUNTARY),
        before_2014=sum(max(0, min(one.end.index, split.index) - one.start.index) for one in stretches),
        heavy=sum(one.months for one in stretches if one.work in heavy),
        specially_heavy=sum(one.months for one in stretches if one.work is Work.SPECIALLY_HEAVY),
        coal=sum(one.months for one in stretches if one.work is Work.COAL),
        first=stretches[0].start,
        first_voluntary=next((one.start for one in stretches if one.pay is Pay.VOLUNTARY), None),
    )
