"""The agreement about the e-ID app's pulls, with the schemas it takes from the one about health books."""

from __future__ import annotations

import httpx
import yaml

from tests.gateway_native.agreement import CONTRACTS, Agreement

_HEALTH = CONTRACTS / "gateway" / "health.yaml"
_EID = CONTRACTS / "gateway" / "eid.yaml"


class _Whole(Agreement):
    def __init__(self) -> None:
        super().__init__(_EID, {})
        whole = yaml.safe_load(_EID.read_text(encoding="utf-8").replace("health.yaml#/", "#/"))
        lent = yaml.safe_load(_HEALTH.read_text(encoding="utf-8"))["components"]["schemas"]
        own = whole["components"]["schemas"]
        assert not own.keys() & lent.keys(), "a schema of the same name would be taken for the other"
        own.update(lent)
        self.document = whole


EID = _Whole()


def require_pulled(answer: httpx.Response, path: str) -> None:
    """Fail unless an answer is one the agreement promises at this address."""
    said = EID.document["paths"][path]["post"]["responses"]
    if answer.status_code in {200, 304}:
        promised = EID.resolved(said[str(answer.status_code)])
        for name, header in promised["headers"].items():
            assert not EID.troubles(answer.headers[name], EID.resolved(header)["schema"]), name
        if answer.status_code == 304:
            assert answer.content == b""
            return
        schema = promised["content"]["application/json"]["schema"]
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        schema = EID.resolved(said["default"])["content"]["application/problem+json"]["schema"]
    found = EID.troubles(answer.json(), schema)
    assert not found, (found, answer.text[:500])
