"""Answers of the native door are what `contracts/gateway/submissions.yaml` says, and its addresses are served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ansinh.access.tokens import SCOPES
from tests.gateway_submissions.door import Door, encounter

AGREED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "contracts/gateway/submissions.yaml").read_text(encoding="utf-8")
)


def require(value: object, schema: str) -> None:
    """Fail when a value is not what the agreement's schema says."""
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{schema}", "components": AGREED["components"]})


def test_answers_are_as_agreed(door: Door) -> None:
    headers = door.token()
    taken = door.http.post(f"{door.gateway.base}/v1/submissions", content=encounter(), headers=headers)
    require(taken.json(), "Taken")
    require(door.http.get(f"{door.gateway.base}{taken.json()['state_at']}", headers=headers).json(), "Submission")
    example = AGREED["paths"]["/v1/submissions:withdraw"]["post"]["requestBody"]["content"]["application/json"]
    withdrawn = door.http.post(
        f"{door.gateway.base}/v1/submissions:withdraw",
        json=example["examples"]["one"]["value"],
        headers={"authorization": headers["authorization"]},
    )
    require(withdrawn.json(), "Taken")


def test_scope_is_the_agreed_one() -> None:
    flow = AGREED["components"]["securitySchemes"]["token"]["flows"]["clientCredentials"]
    assert flow["scopes"].items() <= SCOPES.items()
    for path, item in AGREED["paths"].items():
        for call in item.values():
            assert call["security"] == [{"token": list(flow["scopes"])}], path
