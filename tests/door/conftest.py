"""One e-ID for all tests of the door: a real process, with our client registered in several ways."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansinh.access.keys import signing_keys
from ansinh.access.signed_calls import OUR_ID
from ansinh.database.sql import execute
from ansinh.foundation.settings import settings
from ansinh.portal.door import keeping
from ansinh_sandbox.eid.starting import start
from tests.door.visiting import Visitor
from tests.gateway.running import free_port

AN, BINH = ("001185000011", 8101), ("001185000012", 8102)
ROTATED = "000000000106"
ACCOUNTS = {AN[0]: "Nguyễn Thị An", BINH[0]: "Trần Văn Bình", "001185000013": "Lê Thị Lạ"}
SLOW_SECONDS = 30.0


@dataclass(frozen=True)
class Eid:
    """Where the e-ID is, and the folder of secrets both sides read."""

    url: str
    secrets: Path


@pytest.fixture(scope="session")
def eid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eid]:
    """The sandbox e-ID as a process of its own."""
    folder = tmp_path_factory.mktemp("eid")
    secrets = folder / "secrets"
    signing = signing_keys(secrets, keeping.SIGNING_KEYS).signing.as_dict(private=False)
    opening = signing_keys(secrets, keeping.OPENING_KEYS).signing.as_dict(private=False)
    ours = {
        "client_id": OUR_ID,
        "name_vi": "Bảo hiểm xã hội",
        "name_en": "Social security",
        "redirect_uris": ["http://127.0.0.1:8000/sign-in/callback"],
        "after_logout": ["http://127.0.0.1:8000/signed-out", "http://127.0.0.1:8000/en/signed-out"],
        "jwks": {"keys": [signing, {**opening, "use": "enc"}]},
    }
    plain = {"client_id": "plain-rs256", "id_token_alg": "RS256", "userinfo_alg": "RS256", "encrypted": False}
    closed = {"client_id": "closed-ps256", "id_token_alg": "PS256", "userinfo_alg": "PS256", "id_token_encrypted": True}
    (folder / "clients.json").write_text(json.dumps([ours, ours | plain, ours | closed]), encoding="utf-8")
    (folder / "invented.json").write_text(json.dumps(ACCOUNTS), encoding="utf-8")
    port = free_port()
    process = start(
        folder / "store",
        port=port,
        clients=folder / "clients.json",
        invented=folder / "invented.json",
        slow_seconds=SLOW_SECONDS,
    )
    try:
        yield Eid(f"http://127.0.0.1:{port}", secrets)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def visitor(eid: Eid, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A browser that knows nobody, while our door asks the e-ID of the tests; two people have records with us."""
    monkeypatch.setenv("ANSINH_EID_URL", eid.url)
    monkeypatch.setenv("ANSINH_SECRETS", str(eid.secrets))
    monkeypatch.setenv("ANSINH_PUBLIC_URL", "http://127.0.0.1:8000")
    settings.cache_clear()
    for number, person_id in (AN, BINH, (ROTATED, 8106)):
        execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
            [number, person_id],
        )
    # What the e-ID said of itself is fetched anew for each test, so that none depends on another.
    keeping.provider_at.cache_clear()
    yield Visitor()
    assert os.environ["ANSINH_EID_URL"] == eid.url
    monkeypatch.undo()
    settings.cache_clear()
