"""What every variable of the law shares: exact numbers.

OpenFisca keeps numbers in 32 bits, in which 279.000.000 ₫ has no exact float and four billion no integer. Here integers and floats have 64, amounts are
integers of đồng, and percentages are multiples of an eighth, which a float holds exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Percentages are counted in thousandths of a point, so that 2.25 points for half a year stay whole.
_THOUSANDTHS = 1_000


class LawVariable(Variable):  # type: ignore[misc]  # OpenFisca has no types
    """A variable whose numbers have 64 bits."""

    def __init__(self, baseline_variable: Any = None) -> None:
        super().__init__(baseline_variable)
        if self.value_type is int:
            self.dtype: type[np.generic] = np.int64
        elif self.value_type is float:
            self.dtype = np.float64


def percent_of(amount: Ints, percent: Floats | float) -> Ints:
    """Return so many percent of an amount in đồng, rounded half up to the đồng, computed in whole numbers."""
    thousandths = np.rint(np.asarray(percent, dtype=np.float64) * _THOUSANDTHS).astype(np.int64)
    return divided(amount * thousandths, 100 * _THOUSANDTHS)


def times(amount: Ints, halves: Ints) -> Ints:
    """Return an amount multiplied by a number of halves, rounded half up to the đồng."""
    return divided(amount * halves, 2)


def divided(amount: Ints, by: Ints | int) -> Ints:
    """Return a quotient of amounts that are not negative, rounded half up, computed in whole numbers."""
    return (2 * amount + by) // (2 * by)


__all__ = ["Bools", "DateUnit", "Floats", "Ints", "LawVariable", "divided", "percent_of", "times"]
