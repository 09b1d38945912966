"""The gateway keeps to contracts/gateway/openapi.yaml, and the agreement's examples are true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ansinh.foundation.purpose import FACILITY_PURPOSES
from ansinh.gateway import problems
from ansinh.gateway.problems import Problem
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase

FOLDER = Path(__file__).resolve().parents[2] / "contracts" / "gateway"
AGREED: dict[str, Any] = yaml.safe_load((FOLDER / "openapi.yaml").read_text(encoding="utf-8"))
OPERATION = AGREED["paths"]["/v1/standing"]["post"]


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 3)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def fits(value: Any, schema: str) -> bool:
    """Tell whether a value is what the agreement calls by a name."""
    root = {"$ref": f"#/components/schemas/{schema}", "components": AGREED["components"]}
    return Draft202012Validator(root).is_valid(value)


def test_examples_of_the_agreement_are_true_to_it() -> None:
    for example in OPERATION["requestBody"]["content"]["application/json"]["examples"].values():
        assert fits(example["value"], "Question")
    for example in OPERATION["responses"]["200"]["content"]["application/json"]["examples"].values():
        assert fits(example["value"], "Answer")


def test_example_questions_are_answered_as_agreed(gateway: RunningGateway) -> None:
    for example in OPERATION["requestBody"]["content"]["application/json"]["examples"].values():
        response = gateway.ask(example["value"])
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        assert fits(response.json(), "Answer")
    found = gateway.ask({"key": pin_of(1), "purpose": "treatment", "officer": "BS-17"}).json()
    assert found["found"] is True
    assert fits(found, "Answer")


def test_purposes_are_the_agreed_ones() -> None:
    agreed = AGREED["components"]["schemas"]["Question"]["properties"]["purpose"]["enum"]
    assert agreed == [purpose.code for purpose in FACILITY_PURPOSES]
    assert all(code in problems.PURPOSE_UNKNOWN.body().decode() for code in agreed)


def test_every_problem_is_agreed_and_listed() -> None:
    made = [value for value in vars(problems).values() if isinstance(value, Problem)]
    statuses = {
        int(status) for path in AGREED["paths"].values() for call in path.values() for status in call["responses"]
    }
    listed = set(re.findall(r"`([a-z_]+)`", (FOLDER / "README.md").read_text(encoding="utf-8")))
    for problem in made:
        assert problem.code in listed, f"{problem.code}: say in contracts/gateway/README.md how to cure it"
        assert problem.status in statuses | {404, 405, 408, 431, 500}
        assert ("retry-after" in dict(problem.headers)) == (problem.status == 503)
        for language in problems.LANGUAGES:
            assert fits(yaml.safe_load(problem.body(language)), "Problem")
