"""Every formula and every value of law, against cases worked by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from openfisca_core.errors import ParameterNotFoundError
from openfisca_core.parameters import ParameterNode

import ansinh.places
from ansinh.rules import health_insurance as law
from ansinh.rules.law import FOLDER, amount, parameters

CASES = Path(__file__).with_name("cases")
FORMULAS: list[dict[str, Any]] = yaml.safe_load((CASES / "health_insurance.yaml").read_text(encoding="utf-8"))
VALUES: dict[str, dict[date, Any]] = yaml.safe_load((CASES / "parameters.yaml").read_text(encoding="utf-8"))


def _five_years(stretches: list[list[date]], shown_from: date, day: date) -> date:
    rules = law.continuity_on(day)
    return law.five_years_on(law.continuous_since([law.Stretch(*one) for one in stretches], shown_from, rules), rules)


def _exempt(copayments: list[list[Any]], full_on: date | None, year: int) -> date | None:
    return law.exempt_from([law.Copayment(*one) for one in copayments], full_on, year)


def _share(level: int, path: str, care: str, exempt_on: date | None = None, **visit: Any) -> int:
    return law.share_per_ten_thousand(level, law.Visit(path=law.Path(path), care=law.Care(care), **visit), exempt_on)


CALLS: dict[str, Callable[..., Any]] = {"five_years_on": _five_years, "exempt_from": _exempt, "share": _share}


@pytest.mark.parametrize("case", FORMULAS, ids=lambda case: f"{case['formula']} {case['source']} {case['given']}")
def test_formula(case: dict[str, Any]) -> None:
    assert case["source"].strip()
    formula = CALLS.get(case["formula"]) or getattr(law, case["formula"])
    assert formula(**case["given"]) == case["expect"]


@pytest.mark.parametrize(("name", "days"), VALUES.items())
def test_value(name: str, days: dict[date, Any]) -> None:
    for day, expected in days.items():
        if expected is None:
            with pytest.raises(LookupError, match=r"the first holds from|is not known"):
                parameters()[name].at(day)
        else:
            assert parameters()[name].at(day) == expected, day


def test_every_change_of_law_has_a_case_on_its_day_and_on_the_day_before() -> None:
    wanted = {
        (name, day)
        for name, parameter in parameters().items()
        for dated in parameter.history
        for day in (dated.day - timedelta(days=1), dated.day)
    }
    assert not wanted - {(name, day) for name, days in VALUES.items() for day in days}


def test_every_formula_has_a_case() -> None:
    formulas = {name for name in law.__all__ if callable(getattr(law, name)) and name[0].islower()}
    cased = {case["formula"] for case in FORMULAS} | {"share_per_ten_thousand", "is_small_bill", "continuous_since"}
    assert not formulas - cased - {"continuity_on", "newborn_facility", "year_total"}


def test_every_value_names_its_source() -> None:
    for parameter in parameters().values():
        for dated in parameter.history:
            assert len(dated.reference) > 10, (parameter.name, dated.day)


def test_openfisca_reads_the_same_values() -> None:
    root = ParameterNode("", directory_path=str(FOLDER))
    for name, parameter in parameters().items():
        for dated in parameter.history:
            found: Any = root.get_at_instant(dated.day.isoformat())
            if dated.value is None:
                with pytest.raises(ParameterNotFoundError):
                    attrgetter(name)(found)
            else:
                assert attrgetter(name)(found) == dated.value, name


def test_reference_data_of_benefit_levels_says_what_the_law_says() -> None:
    table = Path(ansinh.places.__file__).parent / "reference" / "benefit_levels.csv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in csv.DictReader(lines):
        assert amount(f"health_insurance.share.level_{line['level']}", date(2025, 7, 31)) == int(line["share"])
