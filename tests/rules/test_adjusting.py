"""An adjustment for everybody is the adjustment of each."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from ansinh.foundation.errors import InvalidInput
from ansinh.rules import adjusting
from ansinh.rules.adjusting import Pensions, adjust, basis_of, told
from ansinh.rules.calculation import ParameterUnknown
from ansinh.rules.situations import cases_of

EDGES = [0, 1, 2_000_000, 3_240_740, 3_240_741, 3_400_000, 3_518_518, 3_518_519, 5_000_000, 4_000_000_000]


def sample(count: int) -> Pensions:
    drawn = np.random.default_rng(5)
    before = np.concatenate([np.array(EDGES), drawn.integers(500_000, 20_000_000, count - len(EDGES))])
    return Pensions(before.astype(np.int64), drawn.random(count) < 0.5, drawn.random(count) < 0.1)


@pytest.mark.parametrize("month", ["2024-07", "2026-06", "2026-07", "2026-08"])
def test_amounts_and_stored_explanations_are_those_of_one_by_one(month: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adjusting, "CHUNK_MAX", 17)
    pensions = sample(40)
    chunks = list(adjust(month, [pensions]))
    assert [chunk.amount.size for chunk in chunks] == [17, 17, 6]
    amounts = [int(amount) for chunk in chunks for amount in chunk.amount]
    stored = [line for chunk in chunks for line in chunk.compact()]
    for place, (amount, line) in enumerate(zip(amounts, stored, strict=True)):
        question = {
            "ask": "adjustment",
            "on": month,
            "pension": int(pensions.before[place]),
            "retired_before_1995": bool(pensions.retired_before_1995[place]),
            "suspended": bool(pensions.suspended[place]),
        }
        answer = cases_of([question])[0].answer()
        assert answer.results[0].value == amount
        assert told(line) == answer.explanation


def test_what_is_stored_names_the_values_of_law_by_a_fingerprint_that_changes_with_them() -> None:
    basis = basis_of("2026-07")
    (chunk,) = adjust("2026-07", [sample(12)])
    assert {json.loads(line)["law"] for line in chunk.compact()} == {basis.fingerprint}
    assert basis_of("2024-07").fingerprint != basis.fingerprint
    assert [one["value"] for one in json.loads(basis.plain())["parameters"]] == [8, 3_800_000, 300_000, 3_500_000]


def test_nothing_is_adjusted_by_a_law_that_is_not_held() -> None:
    with pytest.raises((ParameterUnknown, LookupError)):
        list(adjust("2024-06", [sample(12)]))


def test_a_negative_pension_is_refused() -> None:
    wrong = Pensions(np.array([-1]), np.array([False]), np.array([False]))
    with pytest.raises(InvalidInput):
        list(adjust("2026-07", [wrong]))


def test_nobody_is_an_answer_too() -> None:
    nobody = Pensions(np.array([], dtype=np.int64), np.array([], dtype=bool), np.array([], dtype=bool))
    assert list(adjust(date(2026, 7, 1).strftime("%Y-%m"), [nobody])) == []
