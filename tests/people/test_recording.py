"""Decisions are kept whole: candidates, weights, differences, history; and an officer's word stands."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import FixedClock
from ansinh.people.operations import give_verified_numbers, load_insured
from ansinh.people.recording import Recorded
from tests.people.identity_cast import decide as record
from tests.support.agency_files import write_insured
from tests.support.cast import ANYBODY_WITH_RIGHTS, DECEMBER, JULY

pytestmark = pytest.mark.django_db
AN, BINH, CHI = "001080000001", "001080000002", "001080000003"
AUGUST = FixedClock(JULY.at + timedelta(days=10))


@pytest.fixture
def first(tmp_path: Path) -> int:
    """Number of the first of three persons, the third the one the agency has had longest."""
    records = [{}, {}, {"recorded_on": DECEMBER.at.date().replace(year=2010)}]
    file = write_insured(tmp_path, records)
    return load_insured(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="one", file=file) + 1


def give(clock: FixedClock = JULY) -> int:
    return give_verified_numbers(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=clock)


def current(person_id: int) -> tuple[str, str | None]:
    (found,) = rows(
        "SELECT verdict, register_pin FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL", [person_id]
    )
    return found[0], found[1]


def candidates(person_id: int) -> list[tuple[int, str]]:
    return rows(
        """
        SELECT c.rank, c.register_pin FROM people_candidate c JOIN people_verdict v USING (person_id, decided_at)
        WHERE c.person_id = %s AND v.superseded_at IS NULL ORDER BY rank
        """,
        [person_id],
    )


def offered(*pins: str) -> list[dict[str, Any]]:
    return [{"register_pin": pin, "score": 0.5, "detail": '{"name": 3.5}'} for pin in pins]


def test_record_decisions_keeps_weights_candidates_and_differences(first: int) -> None:
    doubtful = {"verdict": "candidate", "model": "m1", "score": 0.7, "runner_up_score": 0.2, "detail": '{"name": 4}'}
    recorded = record(
        {"person_id": first, "rule": "model", **doubtful, "candidates": offered(BINH, AN)},
        {
            "person_id": first + 1,
            "rule": "number, name close",
            "verdict": "corrected",
            "register_pin": CHI,
            "levels": '{"name": 3}',
            "discrepancies": [{"field": "full_name", "ours": "Lê Chi", "registered": "Lê Thị Chi"}],
        },
    )
    assert recorded == Recorded(new=2, unchanged=0, left_alone=0, taken_back=0)
    assert candidates(first) == [(1, BINH), (2, AN)]
    assert rows("SELECT model, score, runner_up_score, detail FROM people_verdict WHERE person_id = %s", [first]) == [
        ("m1", 0.7, 0.2, json.dumps({"name": 4}))
    ]
    assert rows("SELECT person_id, field, ours, registered, state, source FROM people_discrepancy") == [
        (first + 1, "full_name", "Lê Chi", "Lê Thị Chi", "open", "number, name close")
    ]


def test_record_decisions_again_changes_nothing(first: int) -> None:
    batch = [
        {"person_id": first, "verdict": "candidate", "candidates": offered(AN, BINH)},
        {
            "person_id": first + 1,
            "verdict": "verified",
            "register_pin": CHI,
            "discrepancies": [{"field": "sex", "ours": "M", "registered": "F"}],
        },
    ]
    record(*batch)
    give()
    again = record(*batch, clock=AUGUST)
    assert again == Recorded(new=0, unchanged=2, left_alone=0, taken_back=0)
    assert number("SELECT count(*) FROM people_verdict") == 2
    assert number("SELECT count(*) FROM people_discrepancy") == 1


def test_record_decisions_with_other_candidates_is_news_and_keeps_the_old_ones(first: int) -> None:
    record({"person_id": first, "verdict": "candidate", "candidates": offered(AN, BINH)})
    assert record({"person_id": first, "verdict": "candidate", "candidates": offered(AN, CHI)}, clock=AUGUST).new == 1
    assert candidates(first) == [(1, AN), (2, CHI)]
    assert number("SELECT count(*) FROM people_candidate") == 4


def test_record_decisions_shows_at_most_five_candidates(first: int) -> None:
    pins = [f"00108000001{n}" for n in range(7)]
    decision = {"person_id": first, "verdict": "candidate", "candidates": offered(*pins)}
    record(decision)
    assert [pin for _, pin in candidates(first)] == pins[:5]
    assert record(decision).unchanged == 1


def test_record_decisions_takes_the_number_back_from_whoever_lost_the_verdict(first: int) -> None:
    record({"person_id": first, "verdict": "verified", "register_pin": AN})
    record({"person_id": first + 1, "verdict": "verified", "register_pin": AN})
    assert give() == 1
    assert current(first + 1) == ("duplicate", AN)
    assert record({"person_id": first, "verdict": "not_found"}, clock=AUGUST).taken_back == 1
    assert rows("SELECT person_id FROM people_due") == [(first + 1,)]
    record({"person_id": first + 1, "verdict": "verified", "register_pin": AN}, clock=AUGUST)
    assert give(AUGUST) == 1
    assert rows(
        "SELECT person_id, valid_until IS NULL FROM people_identifier WHERE value = %s ORDER BY valid_from", [AN]
    ) == [
        (first, False),
        (first + 1, True),
    ]
    assert number("SELECT count(*) FROM people_due") == 0


def test_give_numbers_prefers_the_holder_then_the_oldest_record(first: int) -> None:
    record(*({"person_id": first + n, "verdict": "verified", "register_pin": AN} for n in range(3)))
    give()
    assert [current(first + n)[0] for n in range(3)] == ["duplicate", "duplicate", "verified"]


def test_record_decisions_never_offers_whom_an_officer_refused(first: int) -> None:
    for person, pin in ((first, AN), (first + 1, AN), (first + 2, AN), (first + 2, BINH)):
        execute("INSERT INTO people_refusedcandidate VALUES (%s, %s, 'hanoi.lan', now())", [person, pin])
    record(
        {"person_id": first, "verdict": "candidate", "candidates": offered(AN, BINH)},
        {"person_id": first + 1, "verdict": "verified", "register_pin": AN},
        {"person_id": first + 2, "verdict": "candidate", "candidates": offered(AN, BINH)},
    )
    assert candidates(first) == [(1, BINH)]
    assert [current(first + n) for n in range(3)] == [("candidate", None), ("not_found", None), ("not_found", None)]


def test_record_decisions_leaves_officers_decisions_and_merged_records_alone(first: int) -> None:
    record({"person_id": first, "verdict": "verified", "register_pin": AN})
    execute("UPDATE people_verdict SET officer = 'hanoi.lan'")
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (%s, %s)", [first + 1, first])
    recorded = record({"person_id": first, "verdict": "not_found"}, {"person_id": first + 1, "verdict": "not_found"})
    assert recorded == Recorded(new=0, unchanged=0, left_alone=2, taken_back=0)
    assert current(first) == ("verified", AN)


def test_record_decisions_lets_settled_differences_rest_and_notes_those_gone(first: int) -> None:
    differing = [{"field": field, "ours": "a", "registered": "b"} for field in ("full_name", "sex", "address")]
    record({"person_id": first, "verdict": "corrected", "register_pin": AN, "discrepancies": differing})
    execute("UPDATE people_discrepancy SET state = 'refused' WHERE field = 'full_name'")
    record(
        {"person_id": first, "verdict": "corrected", "register_pin": AN, "discrepancies": differing[:2]}, clock=AUGUST
    )
    assert rows("SELECT field, state FROM people_discrepancy ORDER BY field") == [
        ("address", "gone"),
        ("full_name", "refused"),
        ("sex", "open"),
    ]


def test_a_mark_made_while_the_record_was_compared_stays(first: int) -> None:
    execute("INSERT INTO people_due VALUES (%s, 'moved', %s)", [first, JULY.at])
    record({"person_id": first, "verdict": "not_found"}, read_at=JULY.at - timedelta(minutes=1))
    assert number("SELECT count(*) FROM people_due") == 1
