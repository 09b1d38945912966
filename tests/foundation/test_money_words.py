"""Sums said in words."""

from __future__ import annotations

import pytest

from ansinh.foundation.money_words import money_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (15, "mười lăm đồng"),
        (21, "hai mươi mốt đồng"),
        (105, "một trăm linh năm đồng"),
        (1_004, "một nghìn không trăm linh bốn đồng"),
        (500_000, "năm trăm nghìn đồng"),
        (2_345_678, "hai triệu ba trăm bốn mươi lăm nghìn sáu trăm bảy mươi tám đồng"),
        (20_000_000_000, "hai mươi tỷ đồng"),
        (1_000_000_000_024, "một nghìn tỷ không trăm hai mươi tư đồng"),
        (16_000_005_000_000, "mười sáu nghìn tỷ không trăm linh năm triệu đồng"),
    ],
)
def test_money_in_words_is_read_as_people_read_it(amount: int, words: str) -> None:
    assert money_in_words(amount) == words


def test_money_in_words_below_zero_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="below zero"):
        money_in_words(-1)
