"""Real answers held against an agreement (an OpenAPI document): status, headers, kind of content, schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
FILE = CONTRACTS / "gateway" / "openapi.yaml"
# What any address may answer, whatever it is asked: said in the agreement's words, not at each address.
ANYWHERE = {404, 405}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
FIT_KEPT_MAX = 50_000
_NUMBER = re.compile(rb'"audit_id":"\d+"')


class Agreement:
    """One OpenAPI document, and what it says of answers."""

    def __init__(self, file: Path, anywhere: Mapping[int, Any]) -> None:
        self.document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._anywhere = anywhere
        # With the schema each was made from, so that no other ever has its identity.
        self._validators: dict[int, tuple[Any, Draft202012Validator]] = {}
        self._fit: set[tuple[int, bytes]] = set()

    def resolved(self, node: Any) -> Any:
        """Return what a reference names, or the node itself."""
        while isinstance(node, dict) and "$ref" in node:
            place: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            node = place
        return node

    def troubles(self, value: Any, schema: Any) -> list[str]:
        """Return in which ways a value is not what a schema says."""
        kept = self._validators.get(id(schema))
        if kept is None:
            root = {"components": self.document["components"], "allOf": [schema]}
            kept = self._validators[id(schema)] = (schema, Draft202012Validator(root))
        return [f"{error.json_path}: {error.message}"[:300] for error in kept[1].iter_errors(value)]

    def require(self, response: httpx.Response, path: str, method: str = "post") -> None:
        """Fail unless an answer is one the agreement promises at this address."""
        status = response.status_code
        if status in self._anywhere:
            self._require_fit(response, self._anywhere[status])
            return
        answers = self.document["paths"][path][method]["responses"]
        assert str(status) in answers, f"{method} {path} answers {status}: {response.text[:300]}"
        answer = self.resolved(answers[str(status)])
        for name, said in answer.get("headers", {}).items():
            header = self.resolved(said)
            assert name in response.headers or not header.get("required"), f"{path} {status}: no {name}"
            if name in response.headers:
                assert not self.troubles(response.headers[name], header["schema"]), f"{name}: {response.headers[name]}"
        kind = response.headers["content-type"].partition(";")[0]
        assert kind in answer["content"], f"{path} {status} is {kind}"
        self._require_fit(response, answer["content"][kind]["schema"], json=kind.endswith("json"))

    def _require_fit(self, response: httpx.Response, schema: Any, *, json: bool = True) -> None:
        # The same refusals come again and again: one that fits is looked at once, whatever number its audit row has.
        same = (id(schema), _NUMBER.sub(b"", response.content))
        if same in self._fit:
            return
        found = self.troubles(response.json() if json else response.text, schema)
        assert not found, (found, response.text[:500])
        if len(self._fit) < FIT_KEPT_MAX:
            self._fit.add(same)


NATIVE = Agreement(FILE, dict.fromkeys(ANYWHERE, PROBLEM))
AGREED, resolved, troubles, require_agreed = NATIVE.document, NATIVE.resolved, NATIVE.troubles, NATIVE.require
