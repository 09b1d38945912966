"""How long a child's card runs (Decree 188/2025, article 13)."""

from __future__ import annotations

import numpy as np

from ansinh_synthetic.chance import Ints
from ansinh_synthetic.days import month_start, months_of


def child_card_end(born: Ints) -> Ints:
    """Return the first day after a child's card: 30 September of the sixth year, or the end of the 72nd month if later."""
    months = months_of(born)
    after_september = born >= month_start(months // 12 * 12 + 9)
    return np.where(after_september, month_start(months + 73), month_start((months // 12 + 6) * 12 + 9))
