"""The register tells events as they happen: kept before they are acknowledged, told again until they are, and believed only when signed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import msgspec
import pytest
from django.db import connections
from django.test import Client
from joserfc.jwk import ECKey

from ansinh.access.keys import published_keys
from ansinh.config.wsgi import application
from ansinh.database.sql import number, rows
from ansinh.foundation.settings import settings
from ansinh.registry import queries
from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.feed import EventsRequest, Feed
from ansinh_sandbox.register.notifying import NotKept, notify
from ansinh_sandbox.register.starting import KEY_NAME
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.signed_messages import own_key, sealed
from tests.registry.conftest import UNTIL
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored, pulled
from tests.sandbox.partners import free_port
from tests.support.database import OwnDatabase

KNOWN = Known()
PATH = "/registry/notify"


class _Silent(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def told_us(
    fresh_database: OwnDatabase, register: SmallRegister, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallRegister]:
    """A register that was copied and has lived since; we know its keys."""
    monkeypatch.setenv("ANSINH_SECRETS", str(register.secrets))
    settings.cache_clear()
    copied(register, KNOWN)
    register.live(UNTIL, intensity=20)
    yield register
    settings.cache_clear()


@pytest.fixture
def address() -> Iterator[str]:
    """Where we are told events."""

    def closing(environment: dict[str, Any], start: Any) -> Any:
        try:
            return list(application(environment, start))
        finally:
            connections.close_all()

    with make_server("127.0.0.1", free_port(), closing, handler_class=_Silent) as server:
        thread = threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
        server.shutdown()
        thread.join()


def notified(register: SmallRegister, address: str, faults: Faults = HONEST) -> int:
    """Let the register tell what it has not told yet."""
    store, key = Store(register.store), own_key(register.secrets, KEY_NAME)
    try:
        theirs = published_keys(register.secrets, "social-security")
        return notify(store, key, (address, "social-security.example"), theirs, Feed(store, key, faults))
    finally:
        store.close()


def test_notified_events_are_kept_applied_and_acted_on(told_us: SmallRegister, address: str) -> None:
    assert notified(told_us, address) == len(told_us.told())
    assert mirrored() == told_us.people()
    assert queries.count_unread("people") == 0
    assert notified(told_us, address) == 0
    assert rows("SELECT DISTINCT channel FROM registry_feed_message") == [("notified",)]
    assert not broken()


def test_what_notifications_leave_out_comes_with_the_next_reading_of_the_feed(
    told_us: SmallRegister, address: str
) -> None:
    notified(told_us, address, Faults(gap=0.2, duplicate=0.3, reorder=1))
    assert mirrored() != told_us.people()
    pulled(told_us, KNOWN)
    assert mirrored() == told_us.people()
    assert number("SELECT count(*) FROM registry_announcement") == len(told_us.told())
    assert not broken()


def test_events_nobody_kept_are_told_again(told_us: SmallRegister, address: str) -> None:
    with pytest.raises(NotKept):
        notified(told_us, f"http://127.0.0.1:{free_port()}{PATH}")
    assert notified(told_us, address) == len(told_us.told())


def test_notifications_before_the_first_snapshot_are_sent_again_later(
    fresh_database: OwnDatabase, register: SmallRegister, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ANSINH_SECRETS", str(register.secrets))
    settings.cache_clear()
    register.live(UNTIL, intensity=20)
    with pytest.raises(NotKept):
        notified(register, address)
    assert number("SELECT count(*) FROM registry_event") == 0
    settings.cache_clear()


def _body(register: SmallRegister, change: Callable[[dict[str, Any], dict[str, Any]], object], key: ECKey) -> bytes:
    store = Store(register.store)
    page = json.loads(
        msgspec.json.encode(Feed(store, own_key(register.secrets, KEY_NAME)).page(EventsRequest(after=0)))
    )
    store.close()
    header = {
        "version": "1.0.0", "message_id": "m-1", "message_ts": datetime.now(UTC).isoformat(), "action": "notify",
        "sender_id": "population-register.example", "receiver_id": "social-security.example", "total_count": 1,
    }  # fmt: skip
    message = {"transaction_id": "t-1", "notify_event": page["notify_event"]}
    change(header, message)
    return sealed(msgspec.json.encode(header), msgspec.json.encode(message), key)


REFUSED: dict[str, tuple[int, Callable[[dict[str, Any], dict[str, Any]], object]]] = {
    "from somebody else": (401, lambda header, message: header.update(sender_id="police.example")),
    "to somebody else": (400, lambda header, message: header.update(receiver_id="police.example")),
    "from an hour ago": (
        400,
        lambda header, message: header.update(message_ts=(datetime.now(UTC) - timedelta(hours=1)).isoformat()),
    ),
    "without an offset": (400, lambda header, message: header.update(message_ts="2025-06-02T08:00:00")),
    "another action": (400, lambda header, message: header.update(action="search")),
    "without events": (400, lambda header, message: message.pop("notify_event")),
    "events that are none": (400, lambda header, message: message.update(notify_event=[1])),
    "encrypted": (400, lambda header, message: header.update(is_msg_encrypted=True)),
}


@pytest.mark.parametrize(("status", "change"), REFUSED.values(), ids=REFUSED)
def test_a_notification_that_is_not_as_agreed_is_refused_and_nothing_kept(
    told_us: SmallRegister, status: int, change: Callable[[dict[str, Any], dict[str, Any]], object]
) -> None:
    body = _body(told_us, change, own_key(told_us.secrets, KEY_NAME))
    answer = Client().post(PATH, body, content_type="application/json")
    assert answer.status_code == status
    assert number("SELECT count(*) FROM registry_feed_message") == 0


def test_a_notification_signed_by_a_stranger_is_refused(told_us: SmallRegister) -> None:
    body = _body(told_us, lambda header, message: None, ECKey.generate_key("P-256", auto_kid=True))
    for bad in (body, b"", b"<html>", body[:-10]):
        assert Client().post(PATH, bad, content_type="application/json").status_code in {400, 401}
    assert Client().get(PATH).status_code == 405
    assert number("SELECT count(*) FROM registry_feed_message") == 0


def test_a_head_far_away_makes_no_endless_gaps(told_us: SmallRegister) -> None:
    def from_afar(header: dict[str, Any], message: dict[str, Any]) -> None:
        message["notify_event"] = message["notify_event"][:1]
        message["notify_event"][0]["data"]["feed_no"] = 10**15

    body = _body(told_us, from_afar, own_key(told_us.secrets, KEY_NAME))
    assert Client().post(PATH, body, content_type="application/json").status_code == 200
    assert rows("SELECT state, reason FROM registry_event") == [("parked", "unlike_its_cover")]
    feed = queries.feed_position()
    assert feed is not None
    assert feed.head < 10**6


def test_a_notification_larger_than_any_form_is_read_and_judged(told_us: SmallRegister, address: str) -> None:
    answer = httpx.post(address, content=b"x" * 200_000)
    assert answer.status_code not in {200, 202, 413}
