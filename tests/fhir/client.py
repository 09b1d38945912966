"""A caller of the face, as a facility's system is one."""

from __future__ import annotations

from typing import Any

import httpx

from ansinh.access.tokens import SYSTEM_READ
from tests.audit.standing import pin_of
from tests.fhir.standing_books import OFFICER
from tests.gateway.running import RunningGateway

PIN = "urn:ansinh:sid:pin"


class Caller:
    """Asks with a token, an officer and a purpose."""

    def __init__(
        self, gateway: RunningGateway, *, scopes: frozenset[str] = frozenset([SYSTEM_READ]), facility: str = "01001"
    ) -> None:
        self.base = f"{gateway.base}/fhir/R4"
        self.headers = {
            "authorization": f"Bearer {gateway.token(facility, 7, scopes=scopes)}",
            "ansinh-officer": OFFICER,
            "ansinh-purpose": "treatment",
        }
        self._http = httpx.Client(trust_env=False, timeout=30)

    def ask(self, method: str, place: str, *, content: bytes | None = None, **headers: str) -> httpx.Response:
        """Make a request; an address of the public base is asked where the gateway listens."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        path = place.partition("/fhir/R4/")[2] if "/fhir/R4/" in place else place
        return self._http.request(
            method, f"{self.base}/{path}", content=content, headers={k: v for k, v in sent.items() if v}
        )

    def get(self, place: str, **headers: str) -> httpx.Response:
        """Read or search."""
        return self.ask("GET", place, content=None, **headers)

    def post(self, kind: str, form: str, **headers: str) -> httpx.Response:
        """Search by the body."""
        return self.ask(
            "POST",
            f"{kind}/_search",
            content=form.encode(),
            content_type="application/x-www-form-urlencoded",
            **headers,
        )

    def patient(self, person_id: int) -> str:
        """Return the id of a person's Patient."""
        found = self.post("Patient", f"identifier={PIN}|{pin_of(person_id)}")
        assert found.status_code == 200, found.text
        name: str = found.json()["entry"][0]["resource"]["id"]
        return name

    def found(self, place: str) -> list[dict[str, Any]]:
        """Return what a search finds."""
        answer = self.get(place)
        assert answer.status_code == 200, answer.text
        return matches(answer.json())


def matches(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the finds of a bundle, without what came along."""
    return [one["resource"] for one in bundle.get("entry", []) if one["search"]["mode"] == "match"]


def code_of(answer: httpx.Response) -> str:
    """Return our code of a refusal."""
    issue = answer.json()["issue"][0]
    code: str = issue["details"]["coding"][0]["code"]
    return code
