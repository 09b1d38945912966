"""The figures page: both languages, honest when empty, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ansinh.database.sql import execute
from ansinh.portal.presenters import WORDS
from ansinh.reporting.operations import count_days
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db


def _looked_up(before: int = 11, after: int = 12) -> None:
    for row_no, day in enumerate(["2024-12-20"] * before + ["2025-07-30"] * after, start=1):
        execute(
            "INSERT INTO audit_former_access (asked_at, row_no, person_id, key_kind, facility, officer) VALUES (%s, %s, 1, 1, '01001', 'x')",
            [f"{day} 03:00:00+00", row_no],
        )
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")


@pytest.mark.parametrize(("path", "language"), [("/figures", "vi"), ("/en/figures", "en")])
def test_figures_page_shows_value_and_change_in_its_language(path: str, language: str) -> None:
    _looked_up()
    page = Client().get(path).content.decode()
    assert f'<html lang="{language}"' in page
    assert WORDS[language]["title"] in page
    assert len(re.findall("<h1>", page)) == 1
    assert "30/07/2025" in page
    assert '<p class="value">23 ' in page
    assert "+12" in page


@pytest.mark.parametrize(("before", "after"), [(3, 30), (0, 9)])
def test_what_tells_of_few_persons_is_not_published(before: int, after: int) -> None:
    _looked_up(before, after)
    page = Client().get("/figures").content.decode()
    assert f'<p class="value">{before + after} ' not in page
    assert f"+{after}" not in page
    assert WORDS["vi"]["few"] in page


def test_figures_page_before_the_first_count_says_what_to_do() -> None:
    page = Client().get("/figures").content.decode()
    assert WORDS["vi"]["empty"] in page


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_figures_page_changes_nothing(method: str) -> None:
    assert getattr(Client(), method)("/figures").status_code == 405
