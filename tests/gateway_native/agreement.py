"""Real answers held against contracts/gateway/openapi.yaml: status, headers, kind of content, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator

FILE = Path(__file__).resolve().parents[2] / "contracts" / "gateway" / "openapi.yaml"
AGREED: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
# What any address may answer, whatever it is asked: said in the agreement's words, not at each address.
ANYWHERE = {404, 405}


def resolved(node: Any) -> Any:
    """Return what a reference names, or the node itself."""
    while isinstance(node, dict) and "$ref" in node:
        place: Any = AGREED
        for part in node["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        node = place
    return node


def troubles(value: Any, schema: Any) -> list[str]:
    """Return in which ways a value is not what a schema says."""
    root = {"components": AGREED["components"], "allOf": [schema]}
    return [f"{error.json_path}: {error.message}"[:300] for error in Draft202012Validator(root).iter_errors(value)]


def require_agreed(response: httpx.Response, path: str, method: str = "post") -> None:
    """Fail unless an answer is one the agreement promises at this address."""
    if response.status_code in ANYWHERE:
        assert not troubles(response.json(), {"$ref": "#/components/schemas/Problem"}), response.text
        return
    answers = AGREED["paths"][path][method]["responses"]
    assert str(response.status_code) in answers, (
        f"{method} {path} answers {response.status_code}: {response.text[:300]}"
    )
    answer = resolved(answers[str(response.status_code)])
    for name, said in answer.get("headers", {}).items():
        header = resolved(said)
        assert name in response.headers or not header.get("required"), f"{path} {response.status_code}: no {name}"
        if name in response.headers:
            assert not troubles(response.headers[name], header["schema"]), f"{name}: {response.headers[name]}"
    kind = response.headers["content-type"].partition(";")[0]
    assert kind in answer["content"], f"{path} {response.status_code} is {kind}"
    value = response.json() if kind.endswith("json") else response.text
    assert not troubles(value, answer["content"][kind]["schema"]), (
        troubles(value, answer["content"][kind]["schema"]),
        response.text[:500],
    )
