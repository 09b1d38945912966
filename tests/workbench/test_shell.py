"""What stands around every page of the workbench: who comes in, what they may follow, both languages, strict headers, light pages."""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import re
import string
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ansinh.access.models import Officer
from ansinh.foundation.clock import RealClock
from ansinh.screens import appearance
from ansinh.screens.icons import ICONS
from ansinh.signin.queries import OFFICER_IDLE_MAX, OFFICER_WHOLE_MAX
from ansinh.workbench import words as words_package
from ansinh.workbench.duties import COUNTED_MAX, Waiting
from ansinh.workbench.guard import Officer as AtWork
from ansinh.workbench.guard import local_path, officer_page
from ansinh.workbench.navigation import WAYS
from ansinh.workbench.shell import STATIC
from ansinh.workbench.words import LANGUAGES, root
from tests.support.cast import JULY
from tests.support.officers import officer_with, session_key_of, signed_in

pytestmark = pytest.mark.django_db
MODULES = sorted(one.name for one in pkgutil.iter_modules(words_package.__path__))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["sign-in", "enrol", "enrolled", "signed-out", ""])
def test_a_page_has_one_heading_a_way_to_the_other_language_and_strict_headers(address: str, language: str) -> None:
    client = Client()
    signed_in(client)
    answer = client.get(f"{root(language)}{address}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert len(re.findall("<h1", text)) == 1
    assert f'<html lang="{language}"' in text
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    assert f'href="{root(other)}{address}" lang="{other}"' in text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text), "nothing inline"


@pytest.mark.parametrize("module", MODULES)
def test_both_languages_say_the_same_things_with_the_same_places(module: str) -> None:
    words = importlib.import_module(f"{words_package.__name__}.{module}").WORDS
    assert words["vi"].keys() == words["en"].keys()
    for name, text in words["vi"].items():
        assert text.strip()
        assert words["en"][name].strip(), name
        assert _places(text) == _places(words["en"][name]), name
        assert not re.search(r"vui lòng|không hợp lệ|invalid", text + words["en"][name], re.I), name


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_nobody_sees_a_page_before_signing_in_and_comes_back_to_it() -> None:
    answer = Client().get("/workbench/en/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/workbench/en/sign-in?next=%2Fworkbench%2Fen%2F"
    assert "The session has ended" in Client().get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    "following", ["//evil.example", "/", "https://evil.example", "/workbench//evil", "/desk/", "\\evil"]
)
def test_whoever_signs_in_is_never_sent_elsewhere(following: str) -> None:
    assert local_path(following, "vi") == root("vi")


@pytest.mark.parametrize("aged", [{"seen_at": OFFICER_IDLE_MAX}, {"signed_in_at": OFFICER_WHOLE_MAX}])
def test_a_session_ends_after_resting_or_after_the_day(aged: dict[str, object]) -> None:
    number, now = officer_with("auditor"), RealClock().now()
    past = {name: (now - span).timestamp() - 1 for name, span in aged.items()}  # type: ignore[operator]  # spans of time
    client = Client()
    client.cookies["ansinh"] = session_key_of(number, **past)
    assert client.get("/workbench/").status_code == 302


def test_a_dismissed_officer_is_out_at_once() -> None:
    client = Client()
    number = signed_in(client, "auditor")
    assert client.get("/workbench/").status_code == 200
    Officer.objects.filter(officer_no=number).update(active=False)
    assert client.get("/workbench/").status_code == 302


def test_signing_out_ends_the_session_everywhere() -> None:
    client = Client()
    signed_in(client, "auditor")
    stolen = client.cookies["ansinh"].value
    answer = client.post("/workbench/sign-out")
    assert answer.headers["Location"] == "/workbench/signed-out"
    client.cookies["ansinh"] = stolen
    assert client.get("/workbench/").status_code == 302


def test_wrong_factors_are_one_answer() -> None:
    officer_with("auditor", number="hanoi.lan")
    told = set()
    for number in ("hanoi.lan", "hanoi.nobody-there"):
        sent = {"officer": number, "password": "sai mật khẩu", "code": "123456", "next": ""}
        answer = Client().post("/workbench/sign-in", sent)
        assert answer.status_code == 422
        told.add(re.sub(r'value="[^"]*"', "", answer.content.decode()))
    assert len(told) == 1


def test_a_form_too_old_to_tell_is_answered_by_the_workbench() -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, "auditor")
    answer = client.post("/workbench/en/sign-out")
    assert answer.status_code == 403
    assert "nothing was sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "duty"), [("identity_officer", "Định danh nghi vấn"), ("identity_approver", "người thứ hai")]
)
def test_an_officer_sees_the_duties_of_their_roles_and_no_others(role: str, duty: str) -> None:
    client = Client()
    signed_in(client, role)
    text = client.get("/workbench/").content.decode()
    assert duty in text
    assert text.count('<th scope="row">') == 1


def test_an_officer_without_duties_is_told_so() -> None:
    client = Client()
    signed_in(client)
    text = client.get("/workbench/").content.decode()
    assert "Chưa có phần việc nào" in text
    assert "chưa có vai trò" in text


@pytest.mark.parametrize(("roles", "status"), [(("auditor",), 403), (("identity_approver",), 200)])
def test_whoever_may_not_learns_which_role_may_and_the_page_is_not_made(roles: tuple[str, ...], status: int) -> None:
    made = []

    @officer_page(permission="people.approve_request", what=("duyệt", "approving"))
    def view(request: HttpRequest, language: str, officer: AtWork) -> HttpResponse:
        made.append(officer)
        return HttpResponse("made")

    client = Client()
    signed_in(client, *roles)
    request = RequestFactory().get("/workbench/en/secret")
    request.session = client.session
    answer = view(request, "en", agency_clock=lambda: JULY)
    assert answer.status_code == status
    assert len(made) == (status == 200)
    assert (b"Identity approver" in answer.content) == (status == 403)


def test_ways_have_signs() -> None:
    assert {way.icon for way in WAYS} <= ICONS.keys()


def test_counts_do_not_claim_more_than_was_counted() -> None:
    assert Waiting(COUNTED_MAX).shown == "100"
    assert Waiting(COUNTED_MAX + 1).shown == "100+"


def test_the_frame_is_light() -> None:
    files = [appearance.STATIC / "screens.css", *STATIC.glob("*.*"), *(appearance.STATIC / "fonts").glob("*.woff2")]
    assert (
        sum(Path(file).stat().st_size for file in files)
        + len(gzip.compress(Client().get("/workbench/sign-in").content))
        <= 105_000
    )
