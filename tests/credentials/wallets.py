"""A wallet as a test needs one: keys, proofs of them, and the calls a wallet makes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.test import Client
from joserfc import jws
from joserfc.jwk import ECKey

from ansinh.access.queries import actor_of_person
from ansinh.credentials import keys
from ansinh.credentials.operations import Offer, offer_credentials
from ansinh.credentials.states import Kind
from ansinh.wallet.views import GRANT
from tests.credentials.conftest import CLOCKS

Answer = Any


def new_key() -> ECKey:
    return ECKey.generate_key("P-256")


def proof(key: ECKey, nonce: str, /, **changes: Any) -> str:
    """Return a proof of a key; `changes` name parts of its head (`head_…`) or its payload."""
    head = {"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": key.as_dict(private=False)}
    payload: dict[str, Any] = {"aud": keys.issuer(), "iat": int(datetime.now(UTC).timestamp()), "nonce": nonce}
    for name, value in changes.items():
        if name.startswith("head_"):
            head[name.removeprefix("head_")] = value
        else:
            payload[name] = value
    return jws.serialize_compact(head, json.dumps(payload).encode(), key, ["ES256"])


def offered(person: int, folder: Path, *kinds: Kind) -> Offer:
    return offer_credentials(
        actor=actor_of_person(person), reason="thử", clocks=CLOCKS, person_id=person, kinds=kinds, folder=folder
    )


def token_for(wallet: Client, offer: Offer, folder: Path, tx_code: str = "") -> Answer:
    said = {
        "grant_type": GRANT,
        "pre-authorized_code": keys.code_of(offer.reference, folder),
        "tx_code": tx_code or offer.tx_code,
    }
    return wallet.post("/credentials/token", said)


def nonce_of(wallet: Client) -> str:
    return str(wallet.post("/credentials/nonce").json()["c_nonce"])


def ask(wallet: Client, token: str, kind: Kind, *proofs: str) -> Answer:
    body = {"credential_configuration_id": kind.value, "proofs": {"jwt": list(proofs)}}
    return wallet.post(
        "/credentials/credential", json.dumps(body), "application/json", headers={"authorization": f"Bearer {token}"}
    )


def taken(wallet: Client, person: int, folder: Path, kind: Kind = Kind.HEALTH_CARD) -> tuple[Answer, ECKey]:
    """Take a credential from offer to end; return the answer and the key it is bound to."""
    offer = offered(person, folder, kind)
    token = token_for(wallet, offer, folder).json()["access_token"]
    key = new_key()
    return ask(wallet, token, kind, proof(key, nonce_of(wallet))), key
