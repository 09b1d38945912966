"""Every benefit against cases worked by hand, before and after each change of law."""

from __future__ import annotations

from typing import Any

import pytest

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import ParameterUnknown
from ansinh.rules.situations import cases_of
from ansinh.rules.situations.answers import Answer
from tests.rules.benefit_cases import CASES, answer, title


def found(answer: Answer, key: str) -> Any:
    if key == "average":
        assert answer.average is not None
        return answer.average.amount
    if key == "retirement_extra_averages":
        assert answer.average is not None
        return round(found(answer, "retirement_extra") / answer.average.amount, 6)
    return next(one.value for one in answer.results if one.key == key)


@pytest.mark.parametrize("place", range(len(CASES)), ids=title)
def test_case(place: int) -> None:
    case = CASES[place]
    if "refused" in case:
        with pytest.raises(ParameterUnknown) as refusal:
            answer(place)
        assert str(refusal.value.facts["parameter"]) in case["refused"].split("|")
        return
    assert {key: found(answer(place), key) for key in case["expect"]} == case["expect"]


def test_every_kind_of_question_has_cases() -> None:
    assert {case["ask"] for case in CASES} == {
        "pension", "retirement", "adjustment", "one_off", "funeral", "survivors", "unemployment", "social_pension", "bridge",
        "contribution_salary", "child_card", "health_share",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"ask": "pension", "on": "2026-13", "person": {}}, "is no month"),
        ({"ask": "pension", "on": "2026-08", "person": {"years": 20, "pay": 1}}, "pay"),
        ({"ask": "pension", "on": "2026-08", "person": {"born": "31/02/1970"}}, "is no day"),
        ({"ask": "pension", "on": "2026-08", "person": {"age": "55y13m"}}, "is no age"),
        ({"ask": "pension", "on": "2026-08", "person": {"age": 55, "born": 1970}}, "not both"),
        ({"ask": "pension", "on": "2026-08", "person": {"years": -1}}, "0 to"),
        ({"ask": "pension", "on": "2026-08", "person": {"capacity_loss": 101}}, "0 to 100"),
        ({"ask": "pension", "on": "2026-08", "person": {"years": 3, "contributions": [{"year": 2020, "wage": 1}]}}, "not both"),
        ({"ask": "pension", "on": "2026-08", "person": {"contributions": [{"year": 2020}]}}, "wage"),
        ({"ask": "pension", "on": "2026-08", "person": {"contributions": [{"year": 2020, "months": 13, "wage": 1}]}}, "1 to 12"),
        ({"ask": "pension", "on": "2026-08", "person": {"contributions": [{"from": "2020-05", "until": "2020-04", "wage": 1}]}}, "ends"),
        (
            {
                "ask": "pension",
                "on": "2026-08",
                "person": {"contributions": [{"year": 2020, "wage": 1}, {"from": "2020-12", "until": "2021-04", "wage": 1}]},
            },
            "overlap",
        ),
        ({"ask": "survivors", "deceased": {}}, "State the month"),
        ({"ask": "survivors", "on": "2026-08", "deceased": {}, "relatives": [{"kinship": "child", "born": 2015, "name": "deceased"}]}, "name"),
        ({"ask": "unemployment", "on": "2026-08", "months": 20}, "salaries"),
        ({"ask": "unemployment", "on": "2026-08"}, "months paid"),
        ({"ask": "retirement", "on": "2026-08", "person": {}}, "birth date"),
        ({"ask": "adjustment", "on": "2026-07", "pension": -1}, "never negative"),
        ({"ask": "nothing", "on": "2026-07"}, "nothing"),
    ],
)  # fmt: skip
def test_a_mistaken_question_is_refused_with_what_is_wrong(stated: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        cases_of([stated])[0].answer()
