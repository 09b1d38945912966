"""What is settled before the first person is invented: sizes, blocks and who gets which slice of the totals."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ansinh_synthetic.chance import key_of, share

BLOCK_PEOPLE = 50_000
PEOPLE_MAX = 100_000_000


def rates() -> dict[str, Any]:
    """Read the one file of rates: shares, chances and yearly amounts, each with its source."""
    with (Path(__file__).parent / "rates.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Block:
    """One block of people, invented on its own; numbers are offsets into the whole nation's counts."""

    number: int
    people: int
    first_person: int
    records: int
    second_records: int
    strangers: int
    first_record: int

    @property
    def own_records(self) -> int:
        """First records of people the register knows."""
        return self.records - self.second_records - self.strangers


@dataclass(frozen=True)
class Plan:
    """Size, seed and kind of a nation."""

    people: int
    seed: int
    dense: bool = False

    def __post_init__(self) -> None:
        if not 100 <= self.people <= PEOPLE_MAX:
            raise ValueError(f"a nation has 100 to {PEOPLE_MAX} people, not {self.people}")

    @cached_property
    def rates(self) -> dict[str, Any]:
        """All rates."""
        return rates()

    @property
    def blocks(self) -> int:
        """How many blocks the people are invented in."""
        return -(-self.people // BLOCK_PEOPLE)

    def scaled(self, per_hundred_million: int, block: int | None = None) -> int:
        """Scale a real count of the country of 100 million to this nation, or to one block of it."""
        total = (per_hundred_million * self.people + 50_000_000) // 100_000_000
        return total if block is None else share(total, block, self.blocks)

    def _totals(self) -> tuple[int, int, int]:
        insured = self.rates["insured"]
        first = self.people * int(insured["coverage_per_mille"]) // 1000
        second = self.people * int(insured["second_records_per_mille"]) // 1000
        strangers = self.people * int(insured["strangers_per_mille"]) // 1000
        return first, second, strangers

    @property
    def records(self) -> int:
        """Number of rows of agency/insured."""
        return sum(self._totals())

    def block(self, number: int) -> Block:
        """Return one block."""
        first, second, strangers = self._totals()
        own = share(first, number, self.blocks)
        others = share(second, number, self.blocks), share(strangers, number, self.blocks)
        before = sum(total * number // self.blocks for total in (first, second, strangers))
        return Block(
            number=number,
            people=share(self.people, number, self.blocks),
            first_person=self.people * number // self.blocks,
            records=own + sum(others),
            second_records=others[0],
            strangers=others[1],
            first_record=before,
        )

    def key(self, purpose: str) -> int:
        """Return the secret key of one permutation or hash."""
        return key_of(self.seed, purpose)
