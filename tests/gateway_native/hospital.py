"""Hospitals as the gateway sees them: clients with keys, officers on their lists, tokens from the real door."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ansinh.access.keys import new_key
from ansinh.access.tokens import ASSERTION_TYPE, FACILITY_SCOPES, issuer, public_half
from tests.gateway.running import RunningGateway
from tests.support.database import OwnDatabase

Key = ECKey | RSAKey | OKPKey
OFFICER = "BS-17"


@dataclass(frozen=True)
class Hospital:
    """A facility's machine: its client and the key it signs with."""

    client_id: str
    facility: str
    key: Key
    alg: str = "ES256"

    def assertion(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Sign that it is itself, now; a claim or header of None is left out."""
        seconds = int(datetime.now(UTC).timestamp())
        said = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": issuer(),
            "iat": seconds,
            "exp": seconds + 50,
            "jti": uuid.uuid4().hex,
        } | claims
        protected = {"alg": self.alg, "kid": self.key.thumbprint()} | (header or {})
        body = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
        return jws.serialize_compact(
            {name: value for name, value in protected.items() if value is not None}, body, self.key, [self.alg]
        )

    def form(self, **changes: str | None) -> dict[str, str]:
        """Return the form that asks for a token; None leaves a field out."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
        } | changes
        return {name: value for name, value in form.items() if value is not None}

    def token(self, gateway: RunningGateway, scope: str | None = None) -> str:
        """Get a token at the real door."""
        answer = ask_token(gateway, self.form(scope=scope))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def ask_token(gateway: RunningGateway, form: Any, **headers: str) -> httpx.Response:
    """Ask for a token; a form that is text or bytes is sent as it is."""
    sent = {"content-type": "application/x-www-form-urlencoded"} | {k.replace("_", "-"): v for k, v in headers.items()}
    body = {"content": form} if isinstance(form, str | bytes) else {"data": form}
    return httpx.post(f"{gateway.base}/oauth2/token", headers=sent, trust_env=False, timeout=20, **body)


def let_in(
    database: OwnDatabase,
    facility: str = "01001",
    *,
    key: Key | None = None,
    alg: str = "ES256",
    scope: str = " ".join(FACILITY_SCOPES),
    rate: int = 100_000,
    state: str = "active",
) -> Hospital:
    """Put a facility's client into the database, with one officer on its list."""
    key = key or new_key()
    with psycopg.connect(database.urls.owner) as owner:
        row = owner.execute("SELECT count(*) + 1 FROM access_client WHERE facility = %s", [facility]).fetchone()
        assert row is not None
        client_id = f"{facility}-{row[0]}"
        owner.execute(
            "INSERT INTO access_client (client_id, facility, name, public_keys, scope, state, rate_per_second) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                client_id,
                facility,
                f"HIS {client_id}",
                json.dumps([public_half(dict(key.as_dict(private=False)))]),
                scope,
                state,
                rate,
            ],
        )
        owner.execute(
            "INSERT INTO access_facilityofficer (facility, officer, name, active) VALUES (%s, %s, 'Vũ Thị Nga', true) ON CONFLICT DO NOTHING",
            [facility, OFFICER],
        )
    return Hospital(client_id, facility, key, alg)
