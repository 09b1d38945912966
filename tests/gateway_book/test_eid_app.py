"""The e-ID app of the sandbox at the real door: it proves itself, and each citizen reads the own book."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ansinh.access import operations, queries
from ansinh.access.tokens import BOOK_READ, STANDING_READ
from ansinh.audit.queries import looks_at, verify_chains
from ansinh_sandbox import eid_app
from ansinh_sandbox.hospital_tokens import Software, TokenRefused
from tests.audit.standing import pin_of
from tests.gateway.running import running_gateway
from tests.gateway_book.books import add_book
from tests.support.database import OwnDatabase


def test_the_app_signs_in_and_pulls_books(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    for person in range(1, 31):
        add_book(fresh_database, person)
    made = operations.register_client(
        actor=queries.operator(),
        reason="kết nối",
        facility=operations.APP,
        name="Ứng dụng định danh",
        scope=[BOOK_READ],
    )
    assert made.private_key is not None
    with running_gateway(fresh_database, tmp_path, workers=1) as gateway:
        token = eid_app.sign_in(gateway.base, made.client_id, made.private_key)
        place = urlsplit(gateway.base)
        assert place.hostname is not None
        assert place.port is not None
        numbers = [pin_of(person) for person in range(1, 41)]
        evening = eid_app.live(place.hostname, place.port, token, numbers, connections=8)
    assert evening.statuses == {200: 40}
    assert (evening.found, evening.months, evening.mistaken) == (30, 30 * 179, 0)
    assert len(set(evening.audit_ids)) == 40
    assert str(looks_at(1)[0].audit_id) in evening.audit_ids
    assert verify_chains().whole


def test_an_app_gets_no_token_for_what_facilities_ask(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    made = operations.register_client(
        actor=queries.operator(),
        reason="kết nối",
        facility=operations.APP,
        name="Ứng dụng định danh",
        scope=[BOOK_READ],
    )
    assert made.private_key is not None
    with running_gateway(fresh_database, tmp_path, workers=1) as gateway:
        software = Software(made.client_id, made.private_key)
        with pytest.raises(TokenRefused):
            software.token(gateway.base, STANDING_READ)
