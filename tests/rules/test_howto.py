"""The page about asking the law: its examples come out as printed, and it names every field."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import SimulationBuilder
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import rules
from ansinh.cli.rules import app
from ansinh.rules.calculation import law
from ansinh.rules.country import CountryTaxBenefitSystem
from ansinh.rules.situations import Case
from ansinh.rules.situations.contributions import Contributions
from ansinh.rules.situations.stated import Insured
from ansinh.rules.situations.survivors import Deceased, Relative

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/calculate-a-benefit.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(docs/howto/situations/[\w.-]+)` \| (.+) \|$", PAGE, re.MULTILINE)


def calculated(file: str) -> list[dict[str, Any]]:
    ran = CliRunner().invoke(app, ["calculate", str(ROOT / file), "--json"])
    assert ran.exit_code == 0, ran.output
    answers: list[dict[str, Any]] = json.loads(ran.stdout)
    return answers


@pytest.mark.parametrize(("file", "printed"), EXAMPLES)
def test_example_comes_out_as_printed(file: str, printed: str) -> None:
    results = [(key, str(value)) for answer in calculated(file) for key, value in answer["results"].items()]
    plain = [(key, re.sub(r"\.0$", "", value)) for key, value in results]
    expected = re.findall(r"`(\w+)` ([\d-]+)", printed)
    assert expected
    assert [one for one in plain if one in expected] == expected


def test_ten_examples_stand_on_the_page_and_no_file_is_left_out() -> None:
    files = {path.name for path in (ROOT / "docs/howto/situations").glob("*.yaml")}
    assert {Path(file).name for file, _ in EXAMPLES} == files
    assert len(files) == 10


def test_every_field_and_every_kind_of_question_stands_on_the_page() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE)) | {"floor_group"}
    kinds: list[Any] = [*Case.__args__, Contributions, Insured, Deceased, Relative]
    for kind in kinds:
        for field in msgspec.structs.fields(kind):
            assert field.encode_name in named, (kind.__name__, field.encode_name)
        if kind.__struct_config__.tag is not None:
            assert kind.__struct_config__.tag in named


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("file", [file for file, _ in EXAMPLES])
def test_examples_are_explained_for_people_in_both_languages(
    file: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = StringIO()
    monkeypatch.setattr(rules, "out", Console(file=printed, width=200))
    assert CliRunner().invoke(app, ["calculate", str(ROOT / file), "--explain", language]).exit_code == 0
    expected = ("Điều", "Nghị định") if language == "vi" else ("Law", "Decree")
    assert any(word in printed.getvalue() for word in expected)


def test_a_question_that_cannot_be_answered_says_why_beside_its_neighbours(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "- {ask: funeral, on: 2026-08, pensioner: true}\n"
        "- {ask: pension, on: 2026-08, person: {contributions: [{year: 2020, wage: 5000000}]}}\n"
    )
    ran = CliRunner().invoke(app, ["calculate", str(file), "--json"])
    assert ran.exit_code == 2
    first, second = json.loads(ran.stdout)
    assert first["results"]["funeral_allowance"] == 25_300_000
    assert second["refused"]["code"] == "parameter_unknown"
    assert "price_coefficient.year_2020" in second["refused"]["en"]
    assert CliRunner().invoke(app, ["calculate", str(file)]).exit_code == 2


def test_values_of_a_day_are_listed_with_their_articles() -> None:
    ran = CliRunner().invoke(app, ["parameters", "--on", "2026-07-01", "--name", "social_pension.amount", "--json"])
    (found,) = json.loads(ran.stdout)
    assert (found["value"], found["since"], found["confidence"]) == (540_000, "2026-07-01", "secondary")
    ran = CliRunner().invoke(app, ["parameters", "--on", "2026-01-01", "--name", "price_coefficient", "--json"])
    assert json.loads(ran.stdout) == []


def test_the_package_answers_openfiscas_situations_alone() -> None:
    situation = json.loads((ROOT / "docs/howto/situations/openfisca.json").read_text(encoding="utf-8"))
    simulation = SimulationBuilder().build_from_dict(CountryTaxBenefitSystem(), situation)
    assert simulation.calculate("pension_rate", "2025-08").tolist() == [65.0]
    assert simulation.calculate("pension", "2025-08").tolist() == [5_200_000]


def test_openfiscas_web_api_finds_a_description_for_every_variable_and_value() -> None:
    for variable in law().variables.values():
        assert variable.label, variable.name
    assert law().get_package_metadata()["name"]
    for parameter in law().parameters.get_descendants():
        if isinstance(parameter, Parameter):
            assert parameter.description, parameter.name


def test_families_with_two_deaths_are_stated_as_openfisca_states_groups() -> None:
    situation = {
        "persons": {
            "father": {"compulsory_months": {"ETERNITY": 192}},
            "mother": {"pensioner": {"ETERNITY": True}},
            "child": {"kinship": {"ETERNITY": "child"}, "birth_date": {"ETERNITY": "2015-01-01"}},
        },
        "families": {"home": {"deceased": ["father", "mother"], "relatives": ["child"]}},
    }
    simulation = SimulationBuilder().build_from_dict(law(), situation)
    assert simulation.calculate("survivor_allowance", "2026-08").tolist() == [0, 0, 2_530_000]
