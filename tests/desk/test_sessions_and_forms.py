"""The desk's pages as a server sees them: who may come, how long, what a form may carry, what leaves in headers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client

from ansinh.access.operations import end_facility_officer, register_facility_officer
from ansinh.database.sql import execute, number, rows
from ansinh.desk import asking
from ansinh.desk.adapters.gateway import Answered, Away, Nobody, Outcome
from ansinh.desk.operations import open_desk
from ansinh.desk.pages import FRAGMENT_HEADER
from ansinh.desk.sessions import IDLE_MAX, WHOLE_MAX
from ansinh.desk.words import WORDS
from ansinh.foundation.clock import RealClock
from ansinh.signin.models import Account, Session
from ansinh.signin.operations import invite_account
from ansinh.signin.queries import facility_officer
from ansinh.signin.sessions import SessionStore
from tests.desk.test_verdicts import standing
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db

PASSWORD = "sen tháng sáu bên hồ"
PIN = "001000000001"
FRAGMENT = {f"HTTP_{FRAGMENT_HEADER.upper().replace('-', '_')}": "1"}


@pytest.fixture(autouse=True)
def _facilities() -> None:
    for code in ("01002", "01004"):
        execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, %s, 'basic', '01', '00004') ON CONFLICT DO NOTHING",
            [code, f"Phòng khám {code}"],
        )


def _form(client: Client, address: str, **values: str) -> HttpResponse:
    """Open a page and send its form as a browser does."""
    client.get(address)
    token = client.cookies["ansinh-form"].value
    return client.post(address, {"csrfmiddlewaretoken": token, **values})  # type: ignore[return-value]


def _enrolled(facility: str = "01002", officer: str = "01002-01") -> pyotp.TOTP:
    who = ANYBODY_WITH_RIGHTS
    register_facility_officer(actor=who, reason="thử", facility=facility, officer=officer, name="Vũ Thị Nga")
    open_desk(actor=who, reason="thử", facility=facility)
    code = invite_account(actor=who, reason="thử", clock=RealClock(), subject=facility_officer(facility, officer)).code
    client = Client(enforce_csrf_checks=True)
    page = client.get("/desk/enrol").content.decode()
    found = re.search(r'name="offer" value="([^"]+)"', page), re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found[0]
    assert found[1]
    telephone = pyotp.TOTP(found[1][1].replace(" ", ""))
    answer = _form(
        client,
        "/desk/enrol",
        facility=facility,
        officer=officer,
        invitation=code,
        offer=found[0][1],
        password=PASSWORD,
        code=telephone.now(),
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/enrolled")
    return telephone


def _signed_in(facility: str = "01002", officer: str = "01002-01") -> Client:
    """A browser with the session of an officer who has just signed in; how they did is tried by its own tests."""
    who = ANYBODY_WITH_RIGHTS
    register_facility_officer(actor=who, reason="thử", facility=facility, officer=officer, name="Vũ Thị Nga")
    open_desk(actor=who, reason="thử", facility=facility)
    now = RealClock().now()
    account, _ = Account.objects.get_or_create(
        kind="facility_officer",
        facility=facility,
        officer=officer,
        defaults={"password": "x", "totp_secret": "x", "invited_at": now, "enrolled_at": now},
    )
    session = SessionStore()
    session.update({"account": account.pk, "signed_in_at": now.timestamp(), "seen_at": now.timestamp()})
    session.save()
    client = Client(enforce_csrf_checks=True)
    client.cookies["ansinh"] = str(session.session_key)
    return client


def _ask(client: Client, text: str = PIN, /, outcome: Outcome | None = None, **extra: Any) -> HttpResponse:
    told = outcome or Answered(standing(), "1024")
    client.get("/desk/")
    with patch.object(asking, "ask_standing", return_value=told):
        given = {"csrfmiddlewaretoken": client.cookies["ansinh-form"].value, "text": text}
        return client.post("/desk/ask", given, **extra)  # type: ignore[return-value]


def _age_session(client: Client, **seconds: float) -> None:
    kept = SessionStore(client.cookies["ansinh"].value)
    for name, by in seconds.items():
        kept[name] = kept[name] - by
    kept.save()


class _Outline(HTMLParser):
    """What a validator would first stumble over: tags left open, ids twice, labels for nobody."""

    VOID = frozenset({"meta", "link", "input", "img", "path", "circle", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.wrong.append(f"attribute twice in {tag}")
        if given.get("style") or any(name.startswith("on") for name in given):
            self.wrong.append(f"inline style or handler in {tag}")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.wrong.append("inline script")
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.named += [
            one
            for name, value in attrs
            if name in {"for", "aria-describedby", "aria-labelledby"}
            for one in (value or "").split()
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes another tag")


def _outline_problems(page: str) -> list[str]:
    outline = _Outline()
    outline.feed(page)
    twice = sorted({one for one in outline.ids if outline.ids.count(one) > 1})
    lost = sorted(set(outline.named) - set(outline.ids))
    return (
        outline.wrong
        + [f"open: {one}" for one in outline.open]
        + [f"id twice: {t}" for t in twice]
        + [f"no id: {n}" for n in lost]
    )


@pytest.mark.parametrize("root", ["/desk/", "/en/desk/"])
def test_every_page_is_whole_and_headed_strictly(root: str) -> None:
    client = _signed_in()
    pages = {address: client.get(f"{root}{address}") for address in ("", "today")}
    pages["verdict"] = _ask(client)  # type: ignore[assignment]
    pages["differs"] = _ask(client, f"{PIN}||Lê Thị Hoa|02031980|Nữ|Hà Nội|15062022")  # type: ignore[assignment]
    pages["away"] = _ask(client, outcome=Away("x"))  # type: ignore[assignment]
    stranger = Client()
    pages |= {address: stranger.get(f"{root}{address}") for address in ("sign-in", "enrol", "enrolled", "signed-out")}
    pages["errors"] = stranger.post(f"{root}sign-in", {})
    for name, answer in pages.items():
        text = answer.content.decode()
        assert _outline_problems(text) == [], name
        assert len(re.findall("<h1", text)) == 1
        headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers
        has_field = name in {"", "verdict", "differs", "away"}
        assert ("wasm-unsafe-eval" in headers["Content-Security-Policy"]) == has_field
        assert ("camera=(self)" in headers["Permissions-Policy"]) == has_field


def test_signing_in_begins_a_session_under_a_new_id() -> None:
    telephone = _enrolled()
    client = Client(enforce_csrf_checks=True)
    planted = SessionStore()
    planted["planted"] = True
    planted.save()
    client.cookies["ansinh"] = str(planted.session_key)
    code = telephone.at(datetime.now(UTC) + timedelta(seconds=30))
    _form(client, "/desk/sign-in", facility="01002", officer="01002-01", password=PASSWORD, code=code)
    cookie = client.cookies["ansinh"]
    assert cookie.value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", "")
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "aged", [{"seen_at": IDLE_MAX.total_seconds() + 1}, {"signed_in_at": WHOLE_MAX.total_seconds() + 1}]
)
def test_a_session_ends_at_rest_and_in_all_and_keeps_what_was_typed(aged: dict[str, float]) -> None:
    client = _signed_in()
    client.get("/desk/")
    token = client.cookies["ansinh-form"].value
    _age_session(client, **aged)
    answer = client.post("/desk/ask", {"csrfmiddlewaretoken": token, "text": PIN})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert WORDS["vi"]["expired"] in page
    assert f'name="typed" value="{PIN}"' in page
    assert number("SELECT count(*) FROM signin_session") == 0
    assert client.get("/desk/").headers["Location"] == "/desk/sign-in"


def test_what_was_typed_is_back_in_the_field_once_after_signing_in() -> None:
    telephone = _enrolled()
    client = Client(enforce_csrf_checks=True)
    code = telephone.at(datetime.now(UTC) + timedelta(seconds=30))
    _form(client, "/desk/sign-in", facility="01002", officer="01002-01", password=PASSWORD, code=code, typed=PIN)
    assert f'value="{PIN}"' in client.get("/desk/").content.decode()
    assert f'value="{PIN}"' not in client.get("/desk/").content.decode()


def test_a_script_is_told_of_an_ended_session_by_status_alone() -> None:
    client = _signed_in()
    client.get("/desk/")
    token = client.cookies["ansinh-form"].value
    _age_session(client, seen_at=IDLE_MAX.total_seconds() + 1)
    answer = client.post("/desk/ask", {"csrfmiddlewaretoken": token, "text": PIN}, **FRAGMENT)  # type: ignore[arg-type]
    assert (answer.status_code, answer.content) == (401, b"")


def test_leaving_the_list_ends_the_session_at_the_next_page() -> None:
    client = _signed_in()
    end_facility_officer(actor=ANYBODY_WITH_RIGHTS, reason="thôi việc", facility="01002", officer="01002-01")
    assert client.get("/desk/").headers["Location"] == "/desk/sign-in"


def test_signing_out_ends_the_session_here_and_in_the_browser() -> None:
    client = _signed_in()
    client.get("/desk/")
    stolen = client.cookies["ansinh"].value
    answer = client.post("/desk/sign-out", {"csrfmiddlewaretoken": client.cookies["ansinh-form"].value})
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    thief = Client()
    thief.cookies["ansinh"] = stolen
    assert thief.get("/desk/").status_code == 302
    assert number("SELECT count(*) FROM signin_session") == 0


@pytest.mark.parametrize("address", ["/desk/ask", "/desk/stay", "/desk/sign-out", "/desk/sign-in", "/desk/enrol"])
def test_a_form_from_elsewhere_is_refused(address: str) -> None:
    client = _signed_in()
    with patch.object(asking, "ask_standing") as gateway:
        assert client.post(address, {"text": PIN}).status_code == 403
        assert client.post(address, {"text": PIN}, headers={"origin": "https://evil.example"}).status_code == 403
        assert client.post(address, f"text={PIN}", content_type="text/plain").status_code == 403
    gateway.assert_not_called()
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("address", ["/desk/ask", "/desk/stay", "/desk/sign-out"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options", "trace"])
def test_nothing_happens_without_a_post(address: str, method: str) -> None:
    client = _signed_in()
    assert getattr(client, method)(address).status_code in {403, 405}
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "body",
    ["text=1&text=2", "text=1&facility=01004", "text=1&officer=x", "", "text=" + "&a=1" * 60],
    ids=["twice", "other facility", "other officer", "missing", "many fields"],
)
def test_a_form_with_other_fields_asks_nothing(body: str) -> None:
    client = _signed_in()
    client.get("/desk/")
    sent = f"csrfmiddlewaretoken={client.cookies['ansinh-form'].value}&{body}"
    with patch.object(asking, "ask_standing") as gateway:
        answer = client.post("/desk/ask", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 403}
    gateway.assert_not_called()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "<svg onload=alert(1)>",
        "'--",
        "{% now %}",
        "１２３",
        "001" + "0" * 400,
        "\u202e001000000001\u0000",
        "a|" * 400,
    ],
)
def test_hostile_text_is_shown_as_text_and_asks_nothing(text: str) -> None:
    client = _signed_in()
    with patch.object(asking, "ask_standing") as gateway:
        client.get("/desk/")
        answer = client.post("/desk/ask", {"csrfmiddlewaretoken": client.cookies["ansinh-form"].value, "text": text})
    gateway.assert_not_called()
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-verdict="unreadable"' in page
    assert "<svg onload" not in page


def test_a_body_too_large_is_refused() -> None:
    client = _signed_in()
    client.get("/desk/")
    token = client.cookies["ansinh-form"].value
    sent = f"csrfmiddlewaretoken={token}&text={'1' * 100_000}"
    answer = client.post("/desk/ask", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Nội dung gửi quá dài" in answer.content.decode()
    assert 'href="/desk/"' in answer.content.decode()


def test_the_list_of_today_is_the_officers_own_with_masked_numbers() -> None:
    one, other = _signed_in(), _signed_in("01004", "01004-01")
    _ask(one)
    _ask(one, "001000000002", Nobody("1025"))
    page = one.get("/desk/today").content.decode()
    assert (page.count("•001"), page.count("•002")) == (1, 1)
    assert "2 lượt" in page
    assert PIN not in page
    assert WORDS["vi"]["today_empty"] in other.get("/desk/today").content.decode()
    kept = str(rows("SELECT * FROM desk_look")) + str(rows("SELECT facts FROM audit_act"))
    assert PIN not in kept
    assert "Đặng" not in kept


def test_looks_of_yesterday_go() -> None:
    client = _signed_in()
    _ask(client)
    execute("UPDATE desk_look SET looked_at = looked_at - interval '25 hours'")
    _ask(client, "001000000002")
    assert number("SELECT count(*) FROM desk_look") == 1


def test_when_the_gateway_is_away_the_last_answer_of_this_session_is_shown_as_old() -> None:
    client = _signed_in()
    _ask(client)
    again = _ask(client, outcome=Away("ConnectError")).content.decode()
    assert 'data-verdict="away"' in again
    assert "Đây không phải kết quả mới" in again
    assert "80 %" in again
    assert 'class="verdict unknown"' in again
    never = _ask(client, "001000000002", Away("ConnectError")).content.decode()
    assert WORDS["vi"]["no_last_known"] in never
    assert number("SELECT count(*) FROM desk_look") == 1


def test_the_last_answer_is_shown_to_no_other_session() -> None:
    first = _signed_in()
    _ask(first)
    other = _signed_in("01002", "01002-02")
    assert WORDS["vi"]["no_last_known"] in _ask(other, outcome=Away("x")).content.decode()


def test_a_fragment_is_the_answer_alone() -> None:
    page = _ask(_signed_in(), PIN, None, **FRAGMENT).content.decode()
    assert "<html" not in page
    assert 'data-verdict="valid_here"' in page
    assert "data-today" in page


def test_wrong_sign_ins_say_the_same_for_known_and_unknown() -> None:
    _enrolled()
    said: list[tuple[int, str]] = []
    for officer in ("01002-01", "nobody"):
        client = Client(enforce_csrf_checks=True, REMOTE_ADDR=f"192.0.2.{len(said) + 1}")
        values = {"facility": "01002", "officer": officer, "password": "sai rồi nhé", "code": "000000"}
        for _ in range(4):
            answer = _form(client, "/desk/sign-in", **values)
        page = answer.content.decode().replace(officer, "…")
        said.append((answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)))
        assert "sai rồi nhé" not in page
        assert "<title>Lỗi: " in page
    assert said[0] == said[1]
    assert said[0][0] == 429


def test_missing_fields_are_named_one_by_one() -> None:
    client = Client(enforce_csrf_checks=True)
    page = _form(client, "/desk/sign-in", facility="01002", officer="", password="", code="").content.decode()
    for name in ("officer", "password", "code"):
        assert page.count(WORDS["vi"][f"missing_{name}"]) == 2
        assert f'href="#{name}"' in page
    assert WORDS["vi"]["missing_facility"] not in page
    assert 'value="01002"' in page


@pytest.fixture(scope="module")
def https_settings() -> dict[str, str]:
    """The settings of an agency whose screens are behind https."""
    names = [
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
    ]
    code = f"import ansinh.config.django as s; print(*(getattr(s, name) for name in {names}))"
    environment = os.environ | {"ANSINH_PUBLIC_URL": "https://ansinh.example"}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return dict(zip(names, printed.stdout.split(), strict=True))


def test_cookies_are_bound_to_the_host_where_there_is_https(https_settings: dict[str, str]) -> None:
    assert https_settings["SESSION_COOKIE_NAME"] == "__Host-ansinh"
    assert https_settings["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert {https_settings[name] for name in https_settings if name.endswith(("SECURE", "HTTPONLY"))} == {"True"}
