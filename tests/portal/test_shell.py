"""What stands around every page: headers, languages, looks; and the parts pages are made of."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import string

import pytest
from django.test import Client, RequestFactory

from ansinh.portal import words as words_package
from ansinh.portal.navigation import GROUPS, WAYS
from ansinh.portal.pages import gallery
from ansinh.portal.presenters import WORDS as FIGURES
from ansinh.portal.shell import page
from ansinh.portal.words import LANGUAGES, root
from ansinh.portal.words.shell import WORDS as SHELL
from ansinh.screens import components
from ansinh.screens.appearance import LOOK_COOKIE, TEXTS, THEMES
from ansinh.screens.components import Banner, Paragraph
from ansinh.screens.icons import ICONS

pytestmark = pytest.mark.django_db

OPEN = ("", "display", "menu", "figures", "gallery", "help", "offline")
MODULES = sorted(one.name for one in pkgutil.iter_modules(words_package.__path__))


@pytest.mark.parametrize("address", OPEN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_page_has_one_heading_a_way_to_the_other_language_and_strict_headers(
    address: str, language: str
) -> None:
    answer = Client().get(f"{root(language)}{address}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert len(re.findall("<h1", text)) == 1
    assert f'<html lang="{language}"' in text
    other = "en" if language == "vi" else "vi"
    assert f'href="{root(other)}{address}" lang="{other}"' in text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text), "nothing inline"
    assert "http" not in re.sub(r"http://(127\.0\.0\.1:\d+|www\.w3\.org)", "", text)


@pytest.mark.parametrize("module", MODULES)
def test_both_languages_say_the_same_things_with_the_same_places(module: str) -> None:
    words = importlib.import_module(f"{words_package.__name__}.{module}").WORDS
    assert words["vi"].keys() == words["en"].keys()

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for name, text in words["vi"].items():
        assert text.strip(), name
        assert words["en"][name].strip(), name
        assert places(text) == places(words["en"][name]), name
        assert not re.search(r"vui lòng|không hợp lệ|invalid", text + words["en"][name], re.I), name


def test_figures_say_the_same_things_in_both_languages() -> None:
    assert FIGURES["vi"].keys() == FIGURES["en"].keys()


def test_ways_have_a_sign_names_and_a_heading() -> None:
    assert len({way.address for way in WAYS}) == len(WAYS)
    for way in WAYS:
        assert way.icon in ICONS, way
        assert way.group in GROUPS
        assert way.vi
        assert way.en


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_look_is_kept_and_shown(theme: str, text: str) -> None:
    client = Client()
    answer = client.post("/display", {"theme": theme, "text": text})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/display?done=1")
    shown = client.get("/help").content.decode()
    assert f'data-theme="{theme}" data-text="{text}"' in shown


@pytest.mark.parametrize(("theme", "text"), [("pink", "large"), ("dark", "x"), ('"><script>', "large")])
def test_an_unknown_look_is_not_kept_nor_believed(theme: str, text: str) -> None:
    client = Client()
    client.post("/display", {"theme": theme, "text": text})
    assert LOOK_COOKIE not in client.cookies
    client.cookies[LOOK_COOKIE] = f"{theme}.{text}"
    assert 'data-theme="auto"' in client.get("/en/help").content.decode() or theme in THEMES


def test_parts_escape_what_they_show() -> None:
    request = RequestFactory().get("/help")
    hostile = '<svg onload="x">{{ words }}{% csrf_token %}'
    shown = page(request, "vi", hostile, (Paragraph(hostile), Banner(hostile, hostile))).content.decode()
    assert "<svg onload" not in shown
    assert shown.count("&lt;svg onload=") == 5  # title, heading, paragraph, both lines of the banner
    assert "{{ words }}" in shown


def test_every_part_is_in_the_gallery() -> None:
    source = inspect.getsource(gallery)
    inside = {
        "Part",
        "ErrorSummary",
        "Hidden",
        "Shade",
    }  # what others are made of, what a page shows by itself, what nobody sees, a word
    missing = {name for name in components.__all__ if f"{name}(" not in source} - inside
    assert not missing


def test_the_portal_can_be_installed() -> None:
    told = Client().get("/en/manifest.webmanifest")
    assert told.headers["Content-Type"] == "application/manifest+json"
    assert told.json()["start_url"] == "/en/"
    worker = Client().get("/service-worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("address", "language"), [("/nowhere", "vi"), ("/en/card/../../etc", "en"), ("/payments/x", "vi")]
)
def test_an_address_that_leads_nowhere_is_a_page_that_leads_on(address: str, language: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert SHELL[language]["missing_title"] in answer.content.decode()
    assert f'href="{root(language)}"' in answer.content.decode()


@pytest.mark.parametrize(("address", "language"), [("/display", "vi"), ("/en/display", "en")])
def test_a_form_without_our_key_changes_nothing_and_leads_back(address: str, language: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"theme": "dark", "text": "large"})
    assert answer.status_code == 403
    assert SHELL[language]["form_title"] in answer.content.decode()
    assert LOOK_COOKIE not in client.cookies
