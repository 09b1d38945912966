"""Look-ups by facility, province and day, counted from the audit rows the gateway leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest

from ansinh.foundation.errors import NotFound
from ansinh.reporting import checks
from ansinh.reporting.queries import Lookups, counted, figures_by_province, lookups_by, recounted
from tests.reporting.test_figures import TODAY, count, facility, looked_up, value
from tests.support.database import OwnDatabase


def asked(database: OwnDatabase, *looked_up: dict[str, Any]) -> None:
    """Insert audit rows of this system's own, as only the gateway's functions may leave them, on the morning of 3 June."""
    plain = {"client_no": 1, "purpose": 1, "call": 1, "key_kind": 1, "result": 1, "facility": "01001", "officer": "x"}
    with psycopg.connect(database.urls.owner) as owner:
        for row_no, one in enumerate(looked_up, start=1):
            made = {"asked_at": "2025-06-03 03:00:00+00", "id": row_no, "person_id": row_no, **plain, **one}
            columns, places = ", ".join(made), ", ".join(["%s"] * len(made))
            owner.execute(f"INSERT INTO audit_access ({columns}) VALUES ({places})".encode(), list(made.values()))


def test_lookups_are_told_by_facility_province_and_day_as_a_recount_tells_them(fresh_database: OwnDatabase) -> None:
    facility("01001")
    facility("79001")
    asked(
        fresh_database,
        {},
        {"key_kind": 4, "call": 2},
        {"key_kind": 3, "call": 3},
        {"key_kind": 2},
        {"result": 0},
        {"result": 3, "facility": "79001"},
        {"call": 4},
        {"call": 5},
        {"facility": "79001"},
        {"facility": "99999", "result": 4},
    )
    looked_up("2025-01-05 03:00:00+00", 1, 3, 1)
    looked_up("2025-01-05 03:00:00+00", 0, 3, 2)
    count()
    year = (date(2025, 1, 1), date(2026, 1, 1))
    assert lookups_by("facility", *year) == [
        Lookups("01001", 5, 2, 2, 2), Lookups("79001", 1, 1, 1, 0), Lookups("99999", 0, 1, 0, 0),
    ]  # fmt: skip
    assert [one.of for one in lookups_by("province", *year)] == ["00", "01", "79"]
    assert lookups_by("day", *year) == [Lookups("2025-01-05", 1, 1, 0, 1), Lookups("2025-06-03", 5, 3, 3, 1)]
    assert lookups_by("day", date(2025, 6, 3), date(2025, 6, 3)) == []
    assert value("cards.lookups_by_card_number")[0] == 2
    assert value("cards.citizen_card_share")[0] == 50.0
    assert figures_by_province("cards.lookups_successful", TODAY) == [("01", 5), ("79", 1)]
    assert counted(TODAY) == recounted(TODAY)
    assert all(result.ok for result in checks.checks())
    with pytest.raises(NotFound):
        lookups_by("officer", *year)
