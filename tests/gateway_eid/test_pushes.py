"""Changes told to the app: noted by the very transaction that makes them, signed, in order, at least once, given up at last and seen to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import psycopg
import pytest
from joserfc.jwk import ECKey

from ansinh.access.queries import operator
from ansinh.eid import operations, queries
from ansinh.eid.adapters.webhook import SIGNATURE_TYPE, signed_content
from ansinh.eid.procedures import deliver_changes
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.detached import proven
from ansinh.foundation.errors import InvalidInput
from tests.gateway.running import RunningGateway
from tests.gateway_eid.test_pulls import own, pull, token
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

pytestmark = pytest.mark.xdist_group("gateway_eid")

KEY = ECKey.generate_key("P-256", auto_kid=True)
KEYS = {str(KEY.kid): KEY}


class Heard:
    """An app that hears, and answers what a test wants."""

    def __init__(self) -> None:
        self.pushes: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.url = ""

    def told(self) -> list[tuple[str, str]]:
        return [(said["watch"], said["changed"]) for said in (json.loads(body) for _, body in self.pushes)]


@contextmanager
def hearing() -> Iterator[Heard]:
    heard = Heard()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.pushes.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(heard.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        heard.url = f"http://127.0.0.1:{server.server_address[1]}/changes"
        yield heard
        server.shutdown()
        thread.join()


@pytest.fixture
def app(looked_at: OwnDatabase) -> Iterator[Heard]:
    """An app that wants to be told; nothing waits before and after."""
    with hearing() as heard:
        operations.set_receiver(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=_at(), client_no=40, url=heard.url)
        yield heard
    with psycopg.connect(looked_at.urls.owner) as owner:
        owner.execute("TRUNCATE eid_change, eid_watch, eid_receiver")


def _at(later: timedelta = timedelta(0)) -> FixedClock:
    return FixedClock(datetime.now(UTC) + timedelta(minutes=1) + later)


def _deliver(later: timedelta = timedelta(0)) -> dict[str, int]:
    return deliver_changes(actor=operator(), reason="thử", clock=_at(later), key=KEY)


def _change(database: OwnDatabase, person: int, statement: Callable[[int], str]) -> None:
    with psycopg.connect(database.urls.owner) as owner:
        owner.execute(statement(person))


def _span(person: int) -> str:
    return (
        "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage)"
        f" SELECT {person}, max(span_id) + 1, 1, 'compulsory', true, 202106, 202107, 1 FROM participation_span WHERE person_id = {person}"
    )


def _card(person: int) -> str:
    return (
        "INSERT INTO cards_event (person_id, event_id, card_number, event, state, effect_on, reason, actor_kind, actor_reference, request_key, recorded_at)"
        f" SELECT {person}, coalesce(max(event_id), 0) + 1, 'DN', 'suspended', 'suspended', '2025-06-01', 'r', 'system', 'x', 'k' || count(*), now()"
        f" FROM cards_event WHERE person_id = {person}"
    )


def _file(person: int) -> str:
    return f"UPDATE lifeevents_file SET state = 'done', closed_on = '2025-06-03' WHERE person_id = {person}"


def test_a_watched_citizens_changes_are_told_in_order_and_say_nothing_of_them(
    gateway: RunningGateway, looked_at: OwnDatabase, app: Heard
) -> None:
    watch = pull(gateway, "watch", own(1)).json()["watch"]["watch"]
    assert pull(gateway, "watch", own(1)).json()["watch"]["watch"] == watch, "once is enough"
    for statement in (_span, _card, _file):
        _change(looked_at, 1, statement)
        _change(looked_at, 2, statement)
    assert _deliver() == {"heard": 3, "trouble": 0, "dead": 0}
    assert app.told() == [(watch, "book"), (watch, "card"), (watch, "files")]
    assert _deliver()["heard"] == 0
    for headers, body in app.pushes:
        assert json.loads(body).keys() == {"watch", "changed", "noted_at"}
        content = signed_content(headers["webhook-id"], headers["webhook-timestamp"], body)
        assert proven(content, headers["ansinh-signature"], KEYS, SIGNATURE_TYPE)
        assert not proven(content + b" ", headers["ansinh-signature"], KEYS, SIGNATURE_TYPE)
        later = signed_content(headers["webhook-id"], str(int(headers["webhook-timestamp"]) + 1), body)
        assert not proven(later, headers["ansinh-signature"], KEYS, SIGNATURE_TYPE)


def test_a_change_that_was_rolled_back_is_told_to_nobody(
    gateway: RunningGateway, looked_at: OwnDatabase, app: Heard
) -> None:
    pull(gateway, "watch", own(3))
    with psycopg.connect(looked_at.urls.owner) as owner:
        owner.execute(_span(3))
        owner.rollback()
    assert _deliver()["heard"] == 0
    assert queries.waiting().waiting == 0


def test_an_app_that_does_not_hear_is_asked_again_in_order_and_given_up_at_last(
    gateway: RunningGateway, looked_at: OwnDatabase, app: Heard
) -> None:
    pull(gateway, "watch", own(4))
    _change(looked_at, 4, _span)
    _change(looked_at, 4, _card)
    app.status = 500
    later = timedelta(0)
    for turn in range(1, len(operations.PAUSES) + 1):
        done = _deliver(later)
        assert (done["trouble"], done["dead"]) == ((1, 0) if turn < len(operations.PAUSES) else (2, 1))
        later += timedelta(days=2)
    assert [one.what for one in queries.dead()] == ["book"]
    assert queries.dead()[0].trouble == "status_500"
    app.status, app.pushes = 204, []
    assert _deliver(later)["heard"] == 1
    assert [what for _, what in app.told()] == ["card"]
    assert operations.revive_dead(actor=operator(), reason="đã sửa", clock=_at(later)) == 1
    assert _deliver(later)["heard"] == 1
    assert [what for _, what in app.told()] == ["card", "book"]


def test_a_crash_between_telling_and_recording_tells_again(
    gateway: RunningGateway, looked_at: OwnDatabase, app: Heard
) -> None:
    pull(gateway, "watch", own(5))
    _change(looked_at, 5, _span)
    assert len(operations.take_due(actor=operator(), reason="thử", clock=_at())) == 1
    assert _deliver()["heard"] == 0, "somebody may be telling it just now"
    assert _deliver(timedelta(minutes=5))["heard"] == 1


def test_only_the_citizens_own_app_watches_and_ends_it(
    gateway: RunningGateway, looked_at: OwnDatabase, app: Heard
) -> None:
    refused = pull(gateway, "watch", own(6) | {"key": own(7)["key"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_own_record")
    stranger = gateway.token("", 41, scopes=frozenset(["record:own"]))
    assert pull(gateway, "watch", own(6), stranger).json()["watch"] is None, "an app without an address is told nothing"
    assert queries.waiting().waiting == 0
    with psycopg.connect(looked_at.urls.app) as connection:
        assert connection.execute("SELECT count(*) FROM eid_watch").fetchone() == (0,)
    assert pull(gateway, "watch", own(6), token(gateway)).json()["watch"] is not None
    _change(looked_at, 6, _span)
    assert pull(gateway, "unwatch", own(6)).json()["unwatch"] is not None
    assert pull(gateway, "unwatch", own(6)).json()["unwatch"] is None
    _change(looked_at, 6, _card)
    assert _deliver()["heard"] == 0


@pytest.mark.parametrize(
    "url", ["", "http://example.com/x", "https://x/y?z", "https://x/é", "ftp://x", "https://" + "x" * 300]
)
def test_an_address_that_is_none_is_refused(looked_at: OwnDatabase, url: str) -> None:
    with pytest.raises(InvalidInput):
        operations.set_receiver(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=_at(), client_no=40, url=url)
