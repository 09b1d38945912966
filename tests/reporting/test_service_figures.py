"""Files of interlinked services in figures: by kind, in time and late, median days, by province; and what partners told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ansinh.database.sql import execute, rows
from ansinh.lifeevents.queries import heard_by_day
from ansinh.places.operations import load_reference
from ansinh.reporting.checks import checks
from ansinh.reporting.operations import count_days, load_former_services
from ansinh.reporting.queries import figures, figures_by_province
from ansinh_synthetic.tables import table_of
from tests.lifeevents.test_births import carded
from tests.lifeevents.world import World, pension, settle_people
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

YEAR_END, MIDDLE, AUGUST = date(2024, 12, 31), date(2025, 6, 30), date(2025, 8, 31)


@pytest.fixture
def former(db: None, tmp_path: Path) -> Path:
    """Four files the former system settled: two before the year's end, one of them late."""
    settled = (
        ("child_card", "01", "2024-12-05", "2024-12-06", "2024-12-09", 1),
        ("child_card", "79", "2024-12-05", "2024-12-12", "2024-12-09", 5),
        ("funeral", "01", "2025-02-05", "2025-02-11", "2025-02-17", 4),
        ("death", "01", "2025-03-05", "2025-03-11", "2025-03-17", 4),
    )
    kind, province, received, done, due, days = zip(*settled, strict=True)
    columns = {
        "kind": kind,
        "province": province,
        "received_at": [datetime.fromisoformat(f"{day}T09:00+07:00") for day in received],
        "settled_at": [datetime.fromisoformat(f"{day}T14:00+07:00") for day in done],
        "due_on": [date.fromisoformat(str(day)) for day in due],
        "days": days,
    }
    file = tmp_path / "service.parquet"
    pq.write_table(table_of("agency/service", columns), file)
    assert loaded(file) == 4
    return file


def loaded(file: Path) -> int:
    """Take the log in."""
    return load_former_services(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="test services", file=file)


def told(day: date, compare: date = YEAR_END) -> dict[str, tuple[float | int | None, float | int | None]]:
    """Count, and return the figures of services and events at both days; what fails a recount fails here."""
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")
    assert [one.name for one in checks() if not one.ok] == []
    return {
        one.indicator.key: (one.value, one.compare_value)
        for one in figures(day, compare)
        if one.indicator.key.startswith(("services.", "events."))
    }


def test_the_former_systems_files_are_counted_against_the_years_end(former: Path) -> None:
    assert loaded(former) == 4
    found = told(MIDDLE)
    assert found["services.files"] == (4, 2)
    assert (found["services.child_cards"], found["services.funeral"], found["services.death"]) == (
        (2, 2),
        (1, 0),
        (1, 0),
    )
    assert found["services.files.late"] == (1, 1)
    assert found["services.files.on_time"] == (75.0, 50.0)
    assert found["services.files.median_days"] == (4, 1)
    assert found["services.child_cards.median_days"] == (1, 1)
    assert found["services.death.median_days"] == (4, None)
    assert figures_by_province("services.files", MIDDLE) == [("01", 3), ("79", 1)]
    assert figures_by_province("services.child_cards.late", MIDDLE) == [("79", 1)]


def test_lived_births_and_deaths_add_to_them(former: Path, tmp_path: Path) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    settle_people()
    world = World(tmp_path)
    try:
        birth = world.born()
        world.file_birth()
        pension()
        world.file_death("funeral")
        world.rounds()
        carded(world, birth)
        world.died(full_name="Người Khác", paper="BT-9")
    finally:
        world.close()
    found = told(AUGUST)
    assert (found["services.child_cards"], found["services.files"]) == ((3, 2), (5, 2))
    assert found["services.child_cards.late"] == (1, 1)
    received, applied, parked = (found[f"events.{word}"][0] for word in ("received", "applied", "parked"))
    assert (received, parked) == (applied + 1, 1)  # type: ignore[operator]
    days = heard_by_day(date(2025, 7, 1), date(2025, 8, 1))
    assert all(received == applied + parked for _, _, received, applied, parked in days)
    assert sum(one[2] for one in days) == received


def test_what_was_settled_stays_settled(former: Path) -> None:
    execute(
        "INSERT INTO lifeevents_result (file_id, step, kind, province, received_at, settled_at, due_on, days, granted)"
        " VALUES (1, 'card', 'child_card', '01', '2025-07-01 09:00+07', '2025-07-02 09:00+07', '2025-07-03', 1, true)"
    )
    with pytest.raises(Exception, match="denied"):
        execute("UPDATE lifeevents_result SET days = 0")


def test_in_house_files_are_counted_apart(former: Path) -> None:
    execute(
        "INSERT INTO lifeevents_result (file_id, step, kind, province, received_at, settled_at, due_on, days, granted)"
        " VALUES (1, 'pension', 'retirement', '01', '2025-06-02 09:00+07', '2025-06-10 09:00+07', NULL, 6, true)"
    )
    found = told(MIDDLE)
    assert (found["services.in_house"], found["services.files"]) == ((1, 0), (4, 2))
    assert rows("SELECT count(*) FROM reporting_provincecount WHERE series = 'services.in_house'") == [(1,)]
