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


def _looked_up() -> None:
    for row_no, day in enumerate(("2024-12-20", "2025-07-30", "2025-07-30"), start=1):
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
    assert '<p class="value">3 ' in page
    assert "+2" in page


def test_figures_page_before_the_first_count_says_what_to_do() -> None:
    page = Client().get("/figures").content.decode()
    assert WORDS["vi"]["empty"] in page


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_figures_page_changes_nothing(method: str) -> None:
    assert getattr(Client(), method)("/figures").status_code == 405
