"""What is told: both languages, the law of the day only, the figures of the results."""

from __future__ import annotations

import re
from datetime import date

import pytest

from ansinh.rules.calculation import ParameterUnknown, law
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.explanations.telling import texts
from ansinh.rules.law import parameters
from ansinh.rules.situations import cases_of
from tests.rules.benefit_cases import ANSWERED, CASES, answer, title

# The day on which each law gave way, and the law it gave way to.
SUCCESSIONS = {
    "58/2014/QH13": ("41/2024/QH15", date(2025, 7, 1)),
    "38/2013/QH13": ("74/2025/QH15", date(2026, 1, 1)),
    "75/2024/NĐ-CP": ("162/2026/NĐ-CP", date(2026, 7, 1)),
    "176/2025/NĐ-CP art. 3": ("335/2026/NĐ-CP", date(2026, 7, 1)),
}


@pytest.mark.parametrize("place", ANSWERED, ids=title)
def test_each_step_cites_the_law_of_its_day_only_and_tells_its_figure(place: int) -> None:
    told = answer(place)
    day = date.fromisoformat(told.on if len(told.on) == 10 else f"{told.on}-01")
    assert told.explanation.steps or CASES[place]["ask"] == "funeral"
    for step in told.explanation.steps:
        cited = "; ".join((step.reference, *(one.reference for one in step.parameters)))
        for former, (later, since) in SUCCESSIONS.items():
            # Windows of the average are dated by the day of entry, and name both laws.
            if "price" not in cited and step.key != "average_salary" and "chưa có" not in step.vi.lower():
                assert former not in cited or day < since, (step.key, cited)
                assert later not in cited or day >= since, (step.key, cited)
        assert step.reference
        assert step.vi.endswith(".")
        assert step.en.endswith(".")
        assert "{" not in step.vi + step.en
        assert not re.search(r"\b(art|arts|Law|Decree|Circular)\b", step.reference_vi), step.reference_vi
        for one in step.parameters:
            assert date.fromisoformat(one.since) <= day
        if isinstance(step.value, int) and not isinstance(step.value, bool) and step.value > 999_999:
            assert f"{step.value:,}" in step.en
            assert f"{step.value:,}".replace(",", ".") in step.vi


@pytest.mark.parametrize("place", ANSWERED, ids=title)
def test_amounts_of_the_results_are_those_of_the_steps(place: int) -> None:
    told = {step.key: step.value for step in answer(place).explanation.steps if not step.person}
    for one in answer(place).results:
        if one.key in told:
            assert told[one.key] == one.value
        elif (
            one.unit == "currency-VND"
            and isinstance(one.value, int)
            and one.key.endswith(("pension", "benefit", "allowance"))
        ):
            assert one.value == 0, one.key


def test_each_relative_is_told_the_condition_met_or_failed() -> None:
    question = {
        "ask": "survivors",
        "on": "2026-10",
        "deceased": {"years": 16, "average_salary": 6_000_000},
        "relatives": [
            {"name": "An", "kinship": "child", "born": 2015},
            {"name": "Bình", "kinship": "child", "born": 2000},
            {"name": "Cúc", "kinship": "spouse", "born": 1990},
        ],
    }
    steps = cases_of([question])[0].answer().explanation.steps
    told = {step.person: step.vi for step in steps if step.key == "survivor_condition"}
    assert list(told) == ["An", "Bình", "Cúc"]
    assert "con chưa đủ 18 tuổi" in told["An"]
    assert "con đã đủ 18 tuổi" in told["Bình"]
    assert "chưa đủ tuổi" in told["Cúc"]
    assert [step.value for step in steps if step.key == "survivor_allowance"] == [1_265_000]


def test_an_average_is_told_with_its_table() -> None:
    stretches = [{"from": "2022-07", "until": "2024-06", "wage": 5_000_000}]
    question = {"ask": "pension", "on": "2025-08", "person": {"contributions": stretches}}
    step = cases_of([question])[0].answer().explanation.steps[0]
    assert step.key == "average_salary"
    assert [(one.year, one.months, one.wage, one.coefficient_hundredths) for one in step.lines] == [
        (2022, 6, 5_000_000, 107),
        (2023, 12, 5_000_000, 104),
        (2024, 6, 5_000_000, 100),
    ]
    assert sum(one.amount_hundredths for one in step.lines) == round(24 * 100 * 5_000_000 * 1.0375)
    assert {one.name for one in step.parameters} == {f"price_coefficient.year_{year}" for year in (2022, 2023, 2024)}


def test_what_is_unknown_is_named_in_both_languages() -> None:
    question = {"ask": "pension", "on": "2026-02", "person": {"contributions": [{"year": 2020, "wage": 5_000_000}]}}
    with pytest.raises(ParameterUnknown) as refusal:
        cases_of([question])[0].answer()
    assert refusal.value.facts["parameter"] == "price_coefficient.year_2020"
    assert "price_coefficient.year_2020" in refusal.value.vi
    assert "không ước đoán" in refusal.value.vi
    assert "never guessed" in refusal.value.en


def test_every_text_is_of_a_variable_and_names_variables_and_values_that_exist() -> None:
    names = set(law().variables)
    known = set(parameters())
    for name, entries in texts().items():
        assert name in names
        for entry in entries:
            assert set(entry.get("when", {})) <= names, name
            if entry.get("skip"):
                continue
            for language in ("vi", "en"):
                fields = re.findall(r"\{([a-z0-9_]+)(?::([a-z0-9_.]+))?\}", entry[language])
                for field, form in fields:
                    assert field in names | {"p", "t"}, (name, field)
                    assert field != "p" or form in known, (name, form)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("Law 41/2024/QH15 art. 66(1)(b)", "điểm b khoản 1 Điều 66 Luật 41/2024/QH15"),
        ("Law 41/2024/QH15 art. 66(1), (2)", "khoản 1, khoản 2 Điều 66 Luật 41/2024/QH15"),
        ("Law 41/2024/QH15 art. 64(1)(b), (c)", "điểm b, điểm c khoản 1 Điều 64 Luật 41/2024/QH15"),
        ("Decree 158/2025/NĐ-CP arts 22 to 25", "Điều 22 đến Điều 25 Nghị định 158/2025/NĐ-CP"),
        ("Labour Code 45/2019/QH14 art. 169; Circular 14/2026/TT-BNV", "Điều 169 Bộ luật Lao động 45/2019/QH14; Thông tư 14/2026/TT-BNV"),
    ],
)  # fmt: skip
def test_articles_are_said_as_officials_write_them(reference: str, said: str) -> None:
    assert cited_vi(reference) == said


def test_every_value_in_force_can_be_cited_in_vietnamese() -> None:
    for parameter in parameters().values():
        for dated in parameter.history:
            if dated.value is not None and not parameter.name.startswith("health_insurance"):
                assert not re.search(r"\b(arts?|Law|Decree|Circular)\b", cited_vi(dated.reference)), dated.reference
