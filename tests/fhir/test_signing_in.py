"""SMART backend services: a client signs in with ES384 or RS384, asks for less than it was given, and reads with what it got."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from ansinh.access.tokens import issuer, permits
from tests.fhir.client import Caller
from tests.gateway.running import RunningGateway
from tests.gateway_native.hospital import Hospital, Key, ask_token, let_in
from tests.support.database import OwnDatabase

# One gateway serves all of these.
pytestmark = pytest.mark.xdist_group("fhir")

_KEYS: dict[str, Key] = {
    "ES384": ECKey.generate_key("P-384"),
    "RS384": RSAKey.generate_key(2_048, {"alg": "RS384"}),
}


@pytest.mark.parametrize("alg", _KEYS)
def test_a_client_signs_in_as_smart_wants_it(gateway: RunningGateway, database: OwnDatabase, alg: str) -> None:
    hospital = let_in(database, key=_KEYS[alg], alg=alg, scope="system/*.rs")
    smart: dict[str, Any] = {"aud": f"{issuer()}/oauth2/token", "exp": int(time.time()) + 290}
    form = hospital.form(
        client_assertion=hospital.assertion(None, **smart), scope="system/Patient.rs system/Condition.s"
    )
    answer = ask_token(gateway, form)
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "system/Condition.s system/Patient.rs"
    caller = Caller(gateway)
    caller.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    person = caller.patient(1)
    assert caller.get(f"Condition?patient={person}").status_code == 200
    assert caller.get(f"Encounter?patient={person}").status_code == 403
    for more in ("system/*.cruds", "standing:read", "user/*.rs"):
        refused = ask_token(gateway, hospital.form(scope=more))
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_what_smart_permits_others_do_not_get(gateway: RunningGateway, database: OwnDatabase) -> None:
    other = let_in(database)
    more: tuple[dict[str, Any], ...] = ({"aud": f"{issuer()}/oauth2/token"}, {"exp": int(time.time()) + 290})
    for claims in more:
        assert ask_token(gateway, other.form(client_assertion=other.assertion(None, **claims))).status_code == 401
    smart = let_in(database, key=ECKey.generate_key("P-384"), alg="ES384")
    long = smart.form(client_assertion=smart.assertion(exp=int(time.time()) + 400))
    assert ask_token(gateway, long).status_code == 401
    plain = RSAKey.generate_key(2_048)
    pss = let_in(database, key=plain, alg="PS256")
    swapped = Hospital(pss.client_id, pss.facility, plain, "RS384")
    assert ask_token(gateway, swapped.form()).status_code == 401


def test_scopes_cover_what_is_narrower_and_nothing_else() -> None:
    assert permits(["system/*.rs"], "system/Patient.r")
    assert permits(["system/Patient.r", "system/*.s"], "system/Patient.rs")
    assert permits(["standing:read"], "standing:read")
    for given, wanted in (
        (["system/Patient.rs"], "system/*.r"),
        (["system/*.s"], "system/Patient.r"),
        (["system/*.rs"], "system/Patient."),
        (["system/*.rs"], "system/Patient.rsu"),
        (["user/*.rs"], "system/Patient.r"),
        ([], "system/Patient.r"),
    ):
        assert not permits(given, wanted)
