"""A general adjustment for everybody at once: the same formulas as for one person, through OpenFisca in bounded chunks.

Each person gets a compact explanation to store, the values and the fingerprint of the values of law applied, which are stored once a run; the sentences
are told from them when somebody asks, with the articles of that day.
Source: Decree 75/2024/ND-CP art. 2; Decree 162/2026/ND-CP; Circular 14/2026/TT-BNV.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from openfisca_core.simulations import SimulationBuilder

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import hold, law, naming_what_is_unknown
from ansinh.rules.explanations import Applied, Explanation, explain_values, parameter_applied
from ansinh.rules.explanations.telling import Plain
from ansinh.rules.variable import Bools, Ints

CHUNK_MAX = 50_000
_STEPS = ("pension_raised", "pension_adjusted", "pension_paid_after_adjustment")
_PARAMETERS = ("percent", "old_level", "old_rise", "old_rise_up_to")
_MONTHLY = ("pension_raised", "raised_further", "pension_adjusted")


@dataclass(frozen=True, slots=True)
class Pensions:
    """Running pensions of as many people as the arrays are long, in đồng a month, before the adjustment."""

    before: Ints
    retired_before_1995: Bools
    suspended: Bools


@dataclass(frozen=True, slots=True)
class Basis:
    """The values of law an adjustment rests on, stored once a run."""

    month: str
    parameters: tuple[Applied, ...]

    def plain(self) -> str:
        """Return it as JSON, to store."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @property
    def fingerprint(self) -> str:
        """Return what each person's explanation names it by."""
        return hashlib.sha256(self.plain().encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted pensions of one chunk, with what each rests on."""

    basis: Basis
    pensions: Pensions
    raised: Ints
    further: Bools
    amount: Ints

    def compact(self) -> Iterator[str]:
        """Return each person's explanation to store: amounts before, raised and after, whether raised further, whether suspended."""
        head = f'{{"month":"{self.basis.month}","law":"{self.basis.fingerprint}","before":'
        rows = zip(
            self.pensions.before.tolist(),
            self.raised.tolist(),
            self.further.tolist(),
            self.amount.tolist(),
            self.pensions.suspended.tolist(),
            strict=True,
        )
        for before, raised, further, amount, suspended in rows:
            yield f'{head}{before},"raised":{raised},"further":{further:d},"after":{amount},"suspended":{suspended:d}}}'


def basis_of(month: str) -> Basis:
    """Return the values of law in force for an adjustment in a month such as 2026-07; raises LookupError when they are not known."""
    return Basis(month, tuple(parameter_applied(f"pension.adjustment.{name}", month) for name in _PARAMETERS))


def adjust(month: str, pensions: Iterable[Pensions]) -> Iterator[Adjusted]:
    """Yield the adjusted pensions of a month, chunk after chunk, in order; raises ParameterUnknown and InvalidInput.

    Memory stays that of one chunk, if what is handed in comes in parts too.
    """
    hold(_MONTHLY, month)
    basis = basis_of(month)
    for part in pensions:
        if part.before.size and int(part.before.min()) < 0:
            raise InvalidInput("Lương hưu không thể âm.", "A pension is never negative.", field="before")
        for first in range(0, part.before.size, CHUNK_MAX):
            chunk = slice(first, first + CHUNK_MAX)
            one = Pensions(part.before[chunk], part.retired_before_1995[chunk], part.suspended[chunk])
            yield _adjusted(basis, one)


def _adjusted(basis: Basis, pensions: Pensions) -> Adjusted:
    simulation = SimulationBuilder().build_default_simulation(law(), pensions.before.size)
    simulation.set_input("pension_before", basis.month, pensions.before)
    simulation.set_input("retired_before_1995", basis.month, pensions.retired_before_1995)
    with naming_what_is_unknown():
        raised: NDArray[np.int64] = simulation.calculate("pension_raised", basis.month)
        further: NDArray[np.bool_] = simulation.calculate("raised_further", basis.month)
        amount: NDArray[np.int64] = simulation.calculate("pension_adjusted", basis.month)
    return Adjusted(basis, pensions, raised, further, amount)


def told(compact: str) -> Explanation:
    """Return the derivation in both languages from what was stored for one person."""
    stored = json.loads(compact)
    percent = parameter_applied("pension.adjustment.percent", stored["month"]).value
    values: dict[str, Plain] = {
        "pension_before": stored["before"],
        "pension_raised": stored["raised"],
        "raised_further": bool(stored["further"]),
        "pension_adjusted": stored["after"],
        "payment_suspended": bool(stored["suspended"]),
        "pension_paid_after_adjustment": 0 if stored["suspended"] else stored["after"],
        "adjustment_month": float(percent) > 0,
    }
    return explain_values(_STEPS, values.__getitem__, stored["month"])
