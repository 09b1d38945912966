"""Money is integer đồng; the currency has no smaller unit in use."""

from __future__ import annotations

from typing import NewType

Dong = NewType("Dong", int)


def shown(amount: Dong) -> str:
    """Return the amount as people read it: `1.234.567 ₫`."""
    return f"{amount:,} ₫".replace(",", ".")
