"""Submissions and searches of the health book, counted from raw rows of ours and of the former system."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from ansinh.reporting import checks
from ansinh.reporting.operations import load_former_submissions
from ansinh.reporting.queries import counted, figures_by_province, recounted
from tests.reporting.test_figures import TODAY, count, facility, value
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase


def submitted(database: OwnDatabase, *submissions: dict[str, Any]) -> None:
    """Insert submissions received on the morning of 3 June, as a worker would have settled them within the hour."""
    plain = {
        "facility": "01001", "month": 202506, "received_at": "2025-06-03 03:00:00+00", "kind": 4750, "client_no": 1, "sha256": b"x" * 32, "size": 9,
        "content": b"z", "state": "accepted", "settled_at": "2025-06-03 04:00:00+00",
    }  # fmt: skip
    with psycopg.connect(database.urls.owner) as owner:
        for number, one in enumerate(submissions):
            made = {**plain, "receipt": f"r{number}", **one}
            columns, places = ", ".join(made), ", ".join(["%s"] * len(made))
            owner.execute(
                f"INSERT INTO healthbook_submission ({columns}) VALUES ({places})".encode(), list(made.values())
            )


def visited(database: OwnDatabase, receipt: str, discharged_at: str) -> None:
    with psycopg.connect(database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO healthbook_visit (person_id, year, visit_id, version, current, facility, episode, received_no, receipt, recorded_at, admitted_at, "
            "discharged_at, sensitive) VALUES (1, 2025, 1, 1, true, '01001', 'e', 1, %s, now(), '2025-06-01 01:00:00+00', %s, '{}')",
            [receipt, discharged_at],
        )


def searched(database: OwnDatabase, *rows: tuple[int, int, str]) -> None:
    """Insert audit rows (call, result, facility) of the morning of 3 June."""
    with psycopg.connect(database.urls.owner) as owner:
        for number, (call, result, where) in enumerate(rows, start=1):
            owner.execute(
                "INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer) "
                "VALUES ('2025-06-03 03:00:00+00', %s, %s, 1, 1, %s, 1, %s, %s, '')",
                [number, number, call, result, where],
            )


def former_log(tmp_path: Path) -> Path:
    """A log of three submissions of 5 January, one rejected."""
    at = datetime(2025, 1, 5, 3, tzinfo=UTC)
    file = tmp_path / "submission.parquet"
    table = pa.table(
        {
            "sent_at": pa.array([at, at, datetime(2024, 12, 31, 16, 59, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
            "facility": ["01001", "79001", "79001"],
            "kind": ["encounter", "check_in", "encounter"],
            "accepted": [True, True, False],
            "delay_hours": pa.array([5, None, 10], pa.int32()),
        }
    )
    pq.write_table(table, file)
    return file


def load(file: Path) -> int:
    return load_former_submissions(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="sha256:1", file=file)


def test_submissions_are_counted_by_kind_outcome_facility_and_delay_as_a_recount_counts_them(
    fresh_database: OwnDatabase, tmp_path: Path
) -> None:
    facility("01001")
    facility("79001")
    submitted(
        fresh_database,
        {},
        {"kind": 0},
        {"state": "rejected"},
        {"state": "waiting", "kind": 39},
        {"state": "received", "settled_at": None},
        {"state": "withdrawn", "settled_at": "2025-06-04 04:00:00+00"},
        {"kind": 9},
        {"facility": "99999", "state": "rejected"},
    )
    visited(fresh_database, "r0", "2025-06-02 15:30:00+00")
    assert load(former_log(tmp_path)) == load(former_log(tmp_path)) == 3
    count()
    assert value("healthbook.submissions") == (10, 1)
    assert value("healthbook.submissions.accepted") == (5, 0)
    assert value("healthbook.submissions.rejected") == (3, 1)
    assert value("healthbook.submissions.unsettled") == (2, 0)
    assert value("healthbook.submissions.check_ins")[0] == 2
    assert value("healthbook.submissions.encounters")[0] == 7
    assert value("healthbook.submissions.papers")[0] == 1
    assert value("healthbook.facilities_share") == (100.0, 50.0)
    assert value("healthbook.delay") == (round((11 + 5 + 10) / 3, 1), 10.0)
    assert figures_by_province("healthbook.submissions", TODAY) == [("00", 1), ("01", 7), ("79", 2)]
    assert counted(TODAY) == recounted(TODAY)
    assert all(result.ok for result in checks.checks())


def test_searches_count_what_the_app_was_told_not_what_doctors_read(fresh_database: OwnDatabase) -> None:
    searched(
        fresh_database,
        (6, 1, ""), (8, 1, ""), (9, 1, ""), (10, 1, ""), (10, 0, ""), (8, 6, ""), (6, 1, "01001"), (7, 1, ""), (1, 1, "01001"),
    )  # fmt: skip
    count()
    assert value("healthbook.searches") == (4, 0)
    assert value("healthbook.searches.visits")[0] == 2
    assert value("healthbook.searches.referrals")[0] == 1
    assert value("healthbook.searches.appointments")[0] == 1
    assert value("healthbook.searches.unsuccessful")[0] == 2
    assert counted(TODAY) == recounted(TODAY)
