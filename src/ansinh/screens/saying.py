"""Days, months, money and numbers as people read them."""

from __future__ import annotations

from datetime import date, datetime

from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.money import Dong, shown

SEEN_OF_A_NUMBER = 4


def day(value: date | None) -> str:
    """Return a day as dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime) -> str:
    """Return a moment in Viet Nam: 31/07/2025, 09:05."""
    return f"{value.astimezone(VIET_NAM):%d/%m/%Y, %H:%M}"


def told_day(text: str | None) -> str:
    """Return the day of a moment or day that was told as text (ISO 8601)."""
    return "/".join(reversed(text[:10].split("-"))) if text else "–"


def month(number: int) -> str:
    """Return a month YYYYMM as 07/2025."""
    return f"{number % 100:02}/{number // 100}"


def money(amount: int) -> str:
    """Return đồng: 1.234.567 ₫."""
    return shown(Dong(amount))


def masked(number: str) -> str:
    """Return a number of which only the last letters are seen."""
    return f"•••• {number[-SEEN_OF_A_NUMBER:]}"


def percent(value: float, language: str) -> str:
    """Return a share: 80 %."""
    text = f"{value:g}"
    return f"{text.replace('.', ',') if language == 'vi' else text} %"


def either(pair: tuple[str, str], language: str) -> str:
    """Return the Vietnamese or the English of two texts."""
    return pair[0] if language == "vi" else pair[1]
