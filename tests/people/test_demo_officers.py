"""The demo's officers finish what a demo cut off had begun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansinh.cli import demo_officers
from ansinh.config.operations import set_nation_day
from ansinh.database.sql import rows
from ansinh.people.queries import requests_waiting
from tests.people.identity_cast import AN, REASON, decide, load, verified
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db


def cut_off(*words: Any, **more: Any) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def twice_on_file(tmp_path: Path) -> int:
    """Two records of one human, the second of them a duplicate, and a third; returns the second's number."""
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=JULY.at.date(), source="x")
    first = load(tmp_path, {}, {}, {})
    verified({first: AN})
    decide({"person_id": first + 1, "verdict": "duplicate", "register_pin": AN})
    demo_officers.appoint_officers()
    return first + 1


@pytest.mark.parametrize("where", ["approve_request", "prepare_unmerge"])
def test_a_demo_cut_off_between_merging_and_parting_parts_them_when_run_again(
    twice_on_file: int, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(demo_officers, where, cut_off)
        with pytest.raises(KeyboardInterrupt):
            demo_officers.merge_and_unmerge()
    assert f"#{twice_on_file}" in demo_officers.merge_and_unmerge()
    assert rows("SELECT kind, state FROM people_request ORDER BY request_id") == [
        ("merge", "applied"),
        ("unmerge", "applied"),
    ]
    assert rows("SELECT person_id FROM people_alias") == []
    assert "trước" in demo_officers.merge_and_unmerge()


def test_a_demo_leaves_one_request_open_with_its_paper(twice_on_file: int) -> None:
    assert demo_officers.leave_one_open() == "không có sai lệch"
    person = twice_on_file + 1
    differing = [{"field": "sex", "ours": "M", "registered": "F"}]
    verified({person: "001080000007"})
    decide(
        {
            "person_id": person,
            "verdict": "corrected",
            "register_pin": "001080000007",
            "discrepancies": differing,
        }
    )
    assert f"#{person}" in demo_officers.leave_one_open()
    (one,) = requests_waiting()
    assert (one.person_id, one.field, one.prepared_by, bool(one.evidence)) == (person, "sex", "hanoi.hoa", True)
    assert "trước" in demo_officers.leave_one_open()
