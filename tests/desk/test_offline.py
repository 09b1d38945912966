"""The clerk's page for when the line is cut: what a code proves, how old the list is that says so, and the look-up that is sent later."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from django.test import Client

from ansinh.access.queries import actor_of_person
from ansinh.credentials import queries
from ansinh.credentials.offline import Kept
from ansinh.credentials.operations import show_card
from ansinh.database.sql import execute, number, row
from ansinh.desk import asking, offline_views, proving
from ansinh.desk.adapters.gateway import Answered, Away, Outcome
from ansinh.foundation.clock import FixedClock, RealClock
from tests.credentials.conftest import CLOCKS, PERSON, STATEMENTS
from tests.desk.test_sessions_and_forms import _signed_in as clerk_signed_in
from tests.desk.test_verdicts import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with a card, and what this server fetches kept in a folder of the test's own; no line by itself."""
    for statement in STATEMENTS:
        execute(statement)
    execute(
        "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01002', 'Phòng khám', 'basic', '01', '00004') ON CONFLICT DO NOTHING"
    )
    monkeypatch.setattr(proving, "kept", lambda: Kept(tmp_path / "kept"))
    monkeypatch.setattr(proving, "refresh", lambda store, now: None)
    return tmp_path / "secrets"


def fetched(secrets: Path, tmp_path: Path, at: datetime | None = None) -> None:
    """Fetch the issuer's keys and lists as they are at a moment."""
    now = at or RealClock().now()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/.well-known/"):
            return httpx.Response(
                200, json={"issuer": queries.issuer(), "jwks": {"keys": queries.public_keys(secrets)}}
            )
        if request.url.path.endswith("/status"):
            return httpx.Response(200, json={"status_lists": queries.list_uris()})
        text = queries.status_list(int(request.url.path.rpartition("/")[2]), now, secrets)
        return httpx.Response(200, text=str(text))

    with httpx.Client(transport=httpx.MockTransport(answer)) as line:
        Kept(tmp_path / "kept").fetch(queries.issuer(), now, via=line)


def code(secrets: Path) -> str:
    return show_card(actor=actor_of_person(PERSON), reason="thử", clocks=CLOCKS, person_id=PERSON, folder=secrets)


def said(clerk: Client, address: str = "/desk/offline", **values: str) -> str:
    clerk.get("/desk/offline")
    form = {"csrfmiddlewaretoken": clerk.cookies["ansinh-form"].value, **values}
    return clerk.post(address, form).content.decode()


def test_a_card_is_proven_without_a_line_and_the_list_says_its_age(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    fetched(secrets, tmp_path, RealClock().now() - timedelta(minutes=7))
    page = said(clerk, text=text)
    assert 'data-verdict="good"' in page
    assert "Đặng Thị Mẫu" in page
    assert "ký cách đây 7 phút" in page
    assert "1 lượt chờ gửi" in page
    assert row("SELECT verdict, list_age_seconds / 60, card_number, sent_at FROM desk_offlinelook") == (
        "good", 7, "DN4010100000001", None,
    )  # fmt: skip


def test_an_old_list_is_said_to_be_too_old(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    fetched(secrets, tmp_path)
    later = FixedClock(RealClock().now() + timedelta(days=3))
    with patch.object(proving, "RealClock", lambda: later), patch.object(offline_views, "RealClock", lambda: later):
        page = said(clerk, text=text)
    assert "danh sách thu hồi đã quá cũ" in page
    assert "ký cách đây 3 ngày" in page


def test_a_withdrawn_card_is_refused_with_a_fresh_list_alone(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    fetched(secrets, tmp_path)
    execute("UPDATE cards_standing SET status = 'withdrawn'")
    assert 'data-verdict="good"' in said(clerk, text=text)
    fetched(secrets, tmp_path)
    assert 'data-verdict="withdrawn"' in said(clerk, text=text)


def test_a_key_nobody_knows_an_expired_code_and_what_is_no_code_are_said(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    assert "chưa từng tải khóa" in said(clerk, text=text)
    fetched(secrets, tmp_path)
    forged = code(tmp_path / "another issuer")
    assert 'data-verdict="unknown_key"' in said(clerk, text=forged)
    for bad in ("xin chào", "~", "a.b.c~", "1" * 30_000):
        assert 'data-verdict="not_a_credential"' in said(clerk, text=bad)
    later = FixedClock(RealClock().now() + timedelta(days=9))
    with patch.object(proving, "RealClock", lambda: later):
        assert 'data-verdict="expired"' in said(clerk, text=text)
    assert "Quét hoặc dán mã" in said(clerk, text=" ")
    assert number("SELECT count(*) FROM desk_offlinelook WHERE sent_at IS NULL") == 0


def test_what_was_proven_without_a_line_is_asked_about_once_there_is_one(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    fetched(secrets, tmp_path)
    said(clerk, text=text)
    said(clerk, text=text)
    asked: list[tuple[str, str]] = []

    def gateway(base_url: str, *, token: str, key: str, officer: str) -> Outcome:
        asked.append((key, officer))
        return Answered(standing(), "1024") if len(asked) != 2 else Away("cut")

    with patch.object(asking, "ask_standing", gateway):
        assert "Đã gửi 1 lượt" in said(clerk, act="send")
        assert row("SELECT count(*) FILTER (WHERE card_number IS NULL), count(*) FROM desk_offlinelook") == (1, 2)
        assert "Đã gửi 1 lượt" in said(clerk, act="send")
    assert asked == [("DN4010100000001", "01002-01")] * 3
    assert row("SELECT count(*), count(card_number), min(audit_reference) FROM desk_offlinelook") == (2, 0, "1024")


def test_the_next_look_up_that_is_answered_sends_what_waits(secrets: Path, tmp_path: Path) -> None:
    clerk, text = clerk_signed_in(), code(secrets)
    fetched(secrets, tmp_path)
    said(clerk, text=text)
    with patch.object(asking, "ask_standing", return_value=Away("cut")):
        assert 'href="/desk/offline"' in said(clerk, "/desk/ask", text="001000000001")
    assert number("SELECT count(*) FROM desk_offlinelook WHERE sent_at IS NULL") == 1
    with patch.object(asking, "ask_standing", return_value=Answered(standing(), "1024")):
        said(clerk, "/desk/ask", text="001000000001")
    assert number("SELECT count(*) FROM desk_offlinelook WHERE sent_at IS NULL") == 0


def test_only_clerks_come_in(db: None) -> None:
    assert Client().get("/desk/offline").headers["Location"] == "/desk/sign-in"
