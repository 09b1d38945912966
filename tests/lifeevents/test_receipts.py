"""Whoever files has a receipt within two working hours; one that is late is seen, explained and apologised for."""

from __future__ import annotations

from datetime import datetime, timedelta

from ansinh.database.sql import rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.checks import checks
from ansinh.places.queries import working_calendar
from tests.lifeevents.world import MOTHER, World

TWO_HOURS = 2


def moment(text: str) -> datetime:
    """Return a moment in Viet Nam."""
    return datetime.fromisoformat(f"{text}+07:00").astimezone(VIET_NAM)


def test_two_working_hours_over_every_kind_of_day(world: World) -> None:
    calendar = working_calendar()
    for received, due in (
        ("2025-07-15T08:30", "2025-07-15T10:30"),  # an ordinary Tuesday
        ("2025-07-15T05:00", "2025-07-15T10:00"),  # before offices open
        ("2025-07-15T11:00", "2025-07-15T14:00"),  # over noon
        ("2025-07-15T12:30", "2025-07-15T15:00"),
        ("2025-07-15T14:59", "2025-07-15T16:59"),
        ("2025-07-15T15:00", "2025-07-15T17:00"),  # the last moment that counts on its day
        ("2025-07-15T15:00:01", "2025-07-16T10:00"),  # after 15:00 the next working day
        ("2025-07-18T16:00", "2025-07-21T10:00"),  # Friday afternoon
        ("2025-07-19T09:00", "2025-07-21T10:00"),  # Saturday
        ("2025-09-01T09:00", "2025-09-03T10:00"),  # National Day and the day before
        ("2025-01-24T16:00", "2025-02-03T10:00"),  # the eve of Tet: nine days off
        ("2025-04-26T09:30", "2025-04-26T11:30"),  # a Saturday worked in place of 2 May
        ("2025-05-02T09:30", "2025-05-05T10:00"),  # the Friday it was worked for
    ):
        assert calendar.due_at(moment(received), TWO_HOURS) == moment(due), received
    for hours, due in ((1, "2025-07-15T15:00"), (4, "2025-07-16T09:00"), (9, "2025-07-16T15:00")):
        assert calendar.due_at(moment("2025-07-15T14:00"), hours) == moment(due), hours


def test_a_file_has_its_receipt_in_time(world: World) -> None:
    world.born()
    file = world.file_birth()
    assert rows("SELECT given_at FROM lifeevents_receipt WHERE file_id = %s", [file]) == [(None,)]
    world.now += timedelta(hours=1)
    world.rounds()
    world.rounds()
    [(given, late)] = rows("SELECT given_at, late_at FROM lifeevents_receipt WHERE file_id = %s", [file])
    assert (given, late) == (world.now, None)
    assert rows("SELECT template FROM notices_message WHERE person_id = %s", [MOTHER]) == [("file_received",)]
    assert queries.late_receipts() == []


def test_a_late_receipt_has_an_alert_a_reason_and_an_apology(world: World) -> None:
    world.born()
    file = world.file_birth()
    world.now += timedelta(hours=3)
    assert operations.raise_alerts(**world.said) == 1
    assert operations.raise_alerts(**world.said) == 0
    [(number, due, given)] = queries.late_receipts()
    assert (number, due, given) == (file, moment("2025-07-15T11:00"), None)
    world.rounds()
    assert rows("SELECT template FROM notices_message WHERE person_id = %s", [MOTHER]) == [("file_received_late",)]
    assert queries.late_receipts()[0][2] == world.now
    assert any("quá hạn tiếp nhận" in line.vi for line in world.shown(file).story)


def test_a_receipt_nobody_gave_is_found_by_the_check_until_it_is_told(world: World) -> None:
    world.born()
    world.file_birth()
    world.now += timedelta(days=1)
    name = "lifeevents.no_receipt_past_its_hours_without_alert"
    assert [one.ok for one in checks(world.now.date()) if one.name == name] == [False]
    operations.raise_alerts(**world.said)
    assert [one.ok for one in checks(world.now.date()) if one.name == name] == [True]
