"""Citizens sign in with the national e-ID, at both levels, in both languages, and out again."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from ansinh.database.sql import number, row, rows
from ansinh.foundation.settings import settings
from ansinh.portal.door import keeping
from tests.door.conftest import AN, BINH, ROTATED
from tests.door.messages import Messages
from tests.door.visiting import Visitor

# One e-ID and one certified provider serve all of these.
pytestmark = pytest.mark.xdist_group("door")


def test_sign_in_at_level_one_opens_a_session_and_is_listed(any_visitor: Visitor) -> None:
    answer = any_visitor.comes(AN[0], next_path="/devices?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/devices?x=1")
    citizen = any_visitor.citizen()
    assert citizen
    assert (citizen.person_id, citizen.level, citizen.language) == (AN[1], 1, "vi")
    assert rows("SELECT person_id, kind, channel, level, device FROM signin_citizenentry") == [
        (AN[1], "sign_in", "portal", 1, "Chrome · Android")
    ]
    kept = any_visitor.ours.cookies["ansinh-citizen"]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", "")
    assert number("SELECT count(*) FROM signin_eidrequest") == 0
    assert AN[0] not in str(rows("SELECT * FROM signin_citizensession"))


def test_a_page_of_level_two_steps_up_under_a_new_key(any_visitor: Visitor) -> None:
    any_visitor.comes(AN[0])
    before = any_visitor.ours.cookies["ansinh-citizen"].value
    answer = any_visitor.comes(AN[0], level=2, next_path="/payments")
    assert answer.headers["Location"] == "/payments"
    citizen = any_visitor.citizen()
    assert citizen
    assert citizen.level == 2
    assert any_visitor.ours.cookies["ansinh-citizen"].value != before
    assert sorted(kind for (kind,) in rows("SELECT kind FROM signin_citizenentry")) == ["sign_in", "step_up"]
    assert number("SELECT count(*) FROM signin_citizensession") == 1


@pytest.mark.parametrize("client_id", ["plain-rs256", "closed-ps256"])
def test_sign_in_with_every_algorithm_and_with_encrypted_tokens(
    any_visitor: Visitor, monkeypatch: pytest.MonkeyPatch, client_id: str
) -> None:
    monkeypatch.setattr(keeping, "OUR_ID", client_id)
    assert any_visitor.comes(AN[0], level=2).status_code == 303
    citizen = any_visitor.citizen()
    assert citizen
    assert citizen.level == 2


def test_sign_in_follows_a_key_the_eid_has_just_taken_into_use(
    any_visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansinh.portal.door.eid.provider.REFETCH_SECONDS_MIN", 0)
    any_visitor.comes(AN[0])
    assert any_visitor.comes(ROTATED, again="1").status_code == 303


def test_another_person_on_the_same_browser_gets_a_session_of_their_own(any_visitor: Visitor) -> None:
    any_visitor.comes(AN[0])
    any_visitor.comes(BINH[0], again="1")
    citizen = any_visitor.citizen()
    assert citizen
    assert citizen.person_id == BINH[1]
    assert rows("SELECT person_id FROM signin_citizensession") == [(BINH[1],)]


def test_sign_in_in_english_through_the_app_is_counted_as_the_apps(any_visitor: Visitor) -> None:
    answer = any_visitor.comes(AN[0], language="en", next_path="/en/devices", **{"from": "app"})
    assert answer.headers["Location"] == "/en/devices"
    assert row("SELECT channel FROM signin_citizenentry") == ("app",)


def test_request_is_pushed_so_that_the_address_tells_nothing(any_visitor: Visitor) -> None:
    address = any_visitor.asks()
    assert set(parse_qs(urlsplit(address).query)) == {"client_id", "request_uri"}
    any_visitor.grants(address, AN[0])
    # The pushed request is good once.
    again = any_visitor.theirs.get(address)
    assert again.status_code == 400 or "error=invalid_request_uri" in again.headers["location"]


@pytest.mark.parametrize(
    ("number_there", "words"),
    [
        ("000000000104", "chưa được xác thực"),
        ("000000000107", "chưa tìm thấy hồ sơ"),
        ("001185000013", "Không có gì bị mất"),
    ],
)
def test_whoever_we_do_not_know_is_told_what_to_do(any_visitor: Visitor, number_there: str, words: str) -> None:
    answer = any_visitor.comes(number_there)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert words in page
    assert "again=1" in page
    assert number_there not in page
    assert any_visitor.citizen() is None
    assert number("SELECT count(*) FROM signin_citizensession") == 0


def test_refusing_at_the_eid_changes_nothing(any_visitor: Visitor) -> None:
    answer = any_visitor.returns(any_visitor.grants(any_visitor.asks(), AN[0], allow=False))
    assert answer.status_code == 403
    assert "Bạn đã từ chối" in answer.content.decode()
    assert any_visitor.citizen() is None


def test_somebody_who_always_refuses_changes_nothing(any_visitor: Visitor) -> None:
    assert any_visitor.comes("000000000101").status_code == 403
    assert any_visitor.citizen() is None


def test_sign_out_ends_both_sessions(any_visitor: Visitor) -> None:
    any_visitor.comes(AN[0])
    page = any_visitor.ours.get("/devices")
    assert f"form-action 'self' {settings().eid_url}" in page.headers["Content-Security-Policy"]
    token = any_visitor.ours.cookies["ansinh-form"].value
    answer = any_visitor.ours.post("/sign-out", {"csrfmiddlewaretoken": token})
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"storage"')
    assert any_visitor.leaves(answer.headers["Location"]) == "http://127.0.0.1:8000/signed-out"
    assert any_visitor.ours.get("/signed-out").status_code == 200
    assert any_visitor.citizen() is None
    # The e-ID asks anew who is there.
    back = any_visitor.grants(any_visitor.asks(), BINH[0])
    any_visitor.returns(back)
    citizen = any_visitor.citizen()
    assert citizen
    assert citizen.person_id == BINH[1]


def test_a_session_ended_at_the_eid_ends_ours(any_visitor: Visitor, messages: Messages) -> None:
    any_visitor.comes(AN[0])
    other = type(any_visitor)()
    other.comes(BINH[0])
    messages.forget()
    any_visitor.ends_there(keeping.provider().metadata().end_session)
    assert any_visitor.citizen()
    answer = Client(enforce_csrf_checks=True).post("/sign-in/ended", messages.next_form())
    assert answer.status_code == 200
    assert any_visitor.citizen() is None
    assert other.citizen()


def test_sign_out_needs_the_key_against_forged_forms(any_visitor: Visitor) -> None:
    any_visitor.comes(AN[0])
    assert any_visitor.ours.post("/sign-out").status_code == 403
    assert any_visitor.citizen()


def test_devices_are_shown_and_ended(any_visitor: Visitor) -> None:
    elsewhere = type(any_visitor)()
    elsewhere.comes(AN[0])
    any_visitor.comes(AN[0])
    page = any_visitor.ours.get("/devices").content.decode()
    assert page.count("Chrome · Android") == 4
    token = any_visitor.ours.cookies["ansinh-form"].value
    answer = any_visitor.ours.post("/devices", {"csrfmiddlewaretoken": token})
    assert "Đã đăng xuất 1 nơi" in answer.content.decode()
    assert elsewhere.citizen() is None
    assert any_visitor.citizen()


@pytest.mark.parametrize("named", ["x", "\x00", "0123456789abcdef", "'; --", "a" * 5_000])
def test_a_form_that_names_no_session_ends_none(any_visitor: Visitor, named: str) -> None:
    elsewhere = type(any_visitor)()
    elsewhere.comes(AN[0])
    any_visitor.comes(AN[0])
    any_visitor.ours.get("/devices")
    token = any_visitor.ours.cookies["ansinh-form"].value
    answer = any_visitor.ours.post("/devices", {"csrfmiddlewaretoken": token, "session": named})
    assert "Đã đăng xuất 0 nơi" in answer.content.decode()
    assert elsewhere.citizen()


def test_published_keys_hold_no_private_part(visitor: Visitor) -> None:
    keys = visitor.ours.get("/sign-in/jwks").json()["keys"]
    assert [(key["use"], "d" in key) for key in keys] == [("sig", False), ("enc", False)]
