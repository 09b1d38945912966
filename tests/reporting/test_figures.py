"""Figures at any day, from counters that equal a recount."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ansinh.database.sql import execute
from ansinh.foundation.clock import FixedClock
from ansinh.reporting import checks
from ansinh.reporting.operations import count_days
from ansinh.reporting.queries import (
    counted,
    figures,
    last_day_counted,
    recounted,
)
from tests.people.identity_cast import decide as decide_as_engine
from tests.support.cast import ANYBODY_WITH_RIGHTS, DECEMBER, JULY

pytestmark = pytest.mark.django_db
YEAR_END, TODAY = date(2024, 12, 31), date(2025, 7, 31)


def decide(clock: FixedClock, *verdicts: tuple[int, str]) -> None:
    decided = [
        {"person_id": person, "verdict": verdict, "register_pin": f"{person:012}"} for person, verdict in verdicts
    ]
    decide_as_engine(*decided, clock=clock)


def carded(*persons: int) -> None:
    for person in persons:
        execute(
            "INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on) VALUES (%s, %s, 'DN', 4, '2024-01-01')",
            [person, f"DN401{person:010}"],
        )


def looked_up(day: str, person_id: int, kind: int, row_no: int) -> None:
    execute(
        "INSERT INTO audit_former_access (asked_at, row_no, person_id, key_kind, facility, officer) VALUES (%s, %s, %s, %s, '01001', 'x')",
        [day, row_no, person_id, kind],
    )


def count() -> int:
    return count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")


def value(key: str) -> tuple[float | int | None, float | int | None]:
    figure = next(one for one in figures(TODAY, YEAR_END) if one.indicator.key == key)
    return figure.value, figure.compare_value


def test_authenticated_counts_from_the_day_of_the_verdict_to_the_day_another_replaced_it() -> None:
    carded(1, 2, 3)
    decide(DECEMBER, (1, "verified"), (2, "verified"), (3, "candidate"), (4, "verified"))
    decide(JULY, (2, "candidate"), (3, "corrected"))
    count()
    assert value("people.authenticated") == (3, 3)
    assert value("people.participants_authenticated") == (2, 2)
    assert value("people.participants_share") == (66.67, 66.67)
    assert counted(TODAY - timedelta(days=1))["people.authenticated"] == 3


def test_share_leaves_out_armed_forces_and_duplicates_and_is_unknown_without_anybody() -> None:
    count()
    assert value("people.participants_share") == (None, None)
    carded(1, 2, 3)
    decide(DECEMBER, (1, "verified"), (2, "excluded"), (3, "duplicate"))
    count()
    assert value("people.participants_share") == (100.0, 100.0)


def test_lookups_count_successful_ones_by_citizen_card_on_viet_nams_days() -> None:
    looked_up("2024-12-31 16:59:59+00", 1, 1, 1)
    looked_up("2024-12-31 17:00:00+00", 1, 1, 2)
    looked_up("2025-01-05 03:00:00+00", 0, 1, 3)
    looked_up("2025-01-05 03:00:00+00", 1, 3, 4)
    count()
    assert value("cards.lookups_by_citizen_card") == (2, 1)


def test_books_read_in_the_former_system_count_and_are_no_card_lookups() -> None:
    looked_up("2025-01-05 03:00:00+00", 1, 1, 1)
    former = (("2024-12-20 03:00:00+00", 2, 1), ("2025-01-20 03:00:00+00", 3, 1), ("2025-02-01 03:00:00+00", 4, 0))
    for moment, number, person in former:
        execute("INSERT INTO audit_former_access VALUES (%s, %s, %s, 1, '', '', 7)", [moment, number, person])
    count()
    assert value("eid.book_lookups") == (2, 1)
    assert value("cards.lookups_successful") == (1, 0)
    assert value("cards.lookups_unsuccessful") == (0, 0)
    assert all(result.ok for result in checks.checks())


def test_count_days_again_changes_nothing_and_checks_agree() -> None:
    decide(DECEMBER, (1, "verified"))
    looked_up("2025-01-05 03:00:00+00", 1, 1, 1)
    assert count() == count()
    assert last_day_counted() == date(2025, 1, 5)
    assert counted(TODAY) == recounted(TODAY)
    assert all(result.ok for result in checks.checks())


def test_checks_find_a_counter_that_lies() -> None:
    looked_up("2025-01-05 03:00:00+00", 1, 1, 1)
    looked_up("2025-01-06 03:00:00+00", 1, 1, 2)
    count()
    execute(
        "UPDATE reporting_dailycount SET count = count + 1 WHERE day = '2025-01-05' AND series = 'cards.lookups_by_citizen_card'"
    )
    offending = {one.name.partition(".")[2]: list(one.offending) for one in checks.checks()}
    assert offending.pop("runs_published_what_they_paid") == []
    assert list(offending.values()) == [["cards.lookups_by_citizen_card"]] * 4


def facility(code: str, **more: Any) -> None:
    made = {"code": code, "name": code, "level": "basic", "province": code[:2], "commune": "00004", **more}
    execute(
        f"INSERT INTO places_facility ({', '.join(made)}) VALUES ({', '.join(['%s'] * len(made))})", list(made.values())
    )


def test_a_facility_counts_as_active_from_its_first_successful_lookup_by_citizen_card() -> None:
    for code in ("01001", "01002", "01003"):
        facility(code)
    facility("01004", valid_until=date(2025, 3, 1))
    looked_up("2024-12-20 03:00:00+00", 1, 1, 1)
    looked_up("2025-02-01 03:00:00+00", 1, 1, 2)
    execute("INSERT INTO audit_former_access VALUES ('2025-01-05 03:00:00+00', 3, 1, 1, '01004', 'x')")
    execute("INSERT INTO audit_former_access VALUES ('2025-01-05 03:00:00+00', 4, 1, 3, '01002', 'x')")
    execute("INSERT INTO audit_former_access VALUES ('2025-01-06 03:00:00+00', 5, 0, 1, '01003', 'x')")
    count()
    assert value("cards.facilities_share") == (33.33, 25.0)
    assert counted(date(2025, 2, 1))["cards.facilities_active"] == 2
    assert counted(TODAY) == recounted(TODAY)
