"""Sums in words, as they stand on orders of payment: what is read aloud is not misread by a digit."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", " nghìn", " triệu")
_THOUSAND, _BILLION = 1_000, 1_000_000_000
_HUNDRED, _TEN, _ONE, _FOUR, _FIVE = 100, 10, 1, 4, 5


def money_in_words(amount: int) -> str:
    """Return đồng in Vietnamese words: 20,000,000,000 is “hai mươi tỷ đồng”. Raises ValueError below zero."""
    if amount < 0:
        raise ValueError("a sum to pay is not below zero")
    return f"{_whole(amount) or _DIGITS[0]} đồng"


def _whole(number: int) -> str:
    """Words of a number; once larger words stand before a group, its missing hundreds are said."""
    billions, rest = divmod(number, _BILLION)
    words = [f"{_whole(billions)} tỷ"] if billions else []
    inside = bool(billions)
    for power in (2, 1, 0):
        group = rest // _THOUSAND**power % _THOUSAND
        if group:
            words.append(_group(group, inside=inside) + _SCALES[power])
            inside = True
    return " ".join(words)


def _group(number: int, *, inside: bool) -> str:
    hundreds, below = divmod(number, _HUNDRED)
    tens, ones = divmod(below, _TEN)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or inside else []
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    elif tens:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones(ones, tens))
    return " ".join(words)


def _ones(ones: int, tens: int) -> str:
    if ones == _ONE and tens > 1:
        return "mốt"
    if ones == _FIVE and tens:
        return "lăm"
    return "tư" if ones == _FOUR and tens > 1 else _DIGITS[ones]
