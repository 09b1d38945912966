"""One indicator at any day and place: compared, over months, by part; and days that are closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ansinh.config.working import RECURRING
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotFound
from ansinh.reporting import checks
from ansinh.reporting.operations import DayNotOver, close_days, count_days
from ansinh.reporting.queries import Place, by_part, compared, ends, trend, values_on
from ansinh.reporting.registry import INDICATORS
from ansinh.reporting.sources import SERIES, SOURCES
from tests.reporting.test_figures import TODAY, YEAR_END, count, facility, looked_up
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
CARD = "cards.lookups_by_citizen_card"


@pytest.fixture
def looked() -> None:
    """Look-ups of two facilities in two provinces, one in a ward, one in a commune, over three months; one by card number."""
    for code, urban in (("00004", True), ("26734", False)):
        execute(
            "INSERT INTO places_unit (level, code, edition, name, province, urban, official_code) VALUES ('commune', %s, 'since_july_2025', %s, '01', %s, %s)",
            [code, code, urban, code],
        )
    facility("01001")
    facility("79001", commune="26734")
    days = ("2024-12-20", "2025-01-05", "2025-01-31", "2025-02-01", "2025-02-03")
    for row_no, day in enumerate(days):
        where = "79001" if row_no % 2 else "01001"
        execute(
            "INSERT INTO audit_former_access (asked_at, row_no, person_id, key_kind, facility, officer, call) VALUES (%s, %s, 1, %s, %s, 'x', %s)",
            [f"{day} 03:00:00+00", row_no, 3 if row_no == 4 else 1, where, 1 + row_no % 2],
        )
    count()


@pytest.mark.usefixtures("looked")
def test_an_indicator_is_told_in_each_place_as_the_nation_adds_up() -> None:
    assert (compared(CARD, TODAY, YEAR_END).value, compared(CARD, TODAY, YEAR_END).change) == (4, 3)
    found = {
        dimension: [(one.part, one.value, one.before) for one in by_part(CARD, dimension, TODAY, YEAR_END)]
        for dimension in ("province", "kind", "channel")
    }
    assert found["province"] == [("01", 2, 1), ("79", 2, 0)]
    assert found["kind"] == [("rural", 2, 0), ("urban", 2, 1)]
    assert found["channel"] == [("many", 2, 0), ("one", 2, 1)]
    assert [(one.part, one.value) for one in by_part(CARD, "facility", TODAY, YEAR_END, "79")] == [("79001", 2)]
    assert [(one.part, one.value) for one in by_part(CARD, "kind", TODAY, YEAR_END, "01")] == [("urban", 2)]
    for place, value in (
        (Place("01"), 66.67),
        (Place("79"), 100.0),
        (Place(kind="urban"), 66.67),
        (Place("79", kind="urban"), None),
        (Place(facility="01001"), 66.67),
        (Place("79", channel="many"), 100.0),
        (Place("79", facility="01001"), None),
    ):
        assert compared("cards.citizen_card_share", TODAY, YEAR_END, place).value == value, place


@pytest.mark.usefixtures("looked")
def test_a_trend_tells_each_month_or_day_and_ends_where_the_figure_stands() -> None:
    months = trend(CARD, YEAR_END, date(2025, 2, 10))
    assert [(one.day, one.value, one.gained) for one in months] == [
        (YEAR_END, 1, None), (date(2025, 1, 31), 3, 2), (date(2025, 2, 10), 4, 1),
    ]  # fmt: skip
    days = trend(CARD, date(2025, 1, 30), date(2025, 2, 2), "day", Place("79"))
    assert [(one.day.day, one.value) for one in days] == [(30, 1), (31, 1), (1, 2), (2, 2)]
    for one in INDICATORS:
        assert trend(one.key, YEAR_END, TODAY)[-1].value == values_on(TODAY)[one.key], one.key


@pytest.mark.parametrize(
    ("key", "dimension"),
    [("events.received", "province"), ("services.files", "kind"), (CARD, "facility"), ("nothing.there", "province")],
)
def test_what_an_indicator_does_not_offer_is_refused(key: str, dimension: str) -> None:
    with pytest.raises(NotFound):
        by_part(key, dimension, TODAY, YEAR_END)


def test_two_dimensions_at_once_are_refused_as_no_counter_tells_them() -> None:
    with pytest.raises(NotFound):
        compared(CARD, TODAY, YEAR_END, Place(kind="urban", channel="one"))


def test_ends_of_months_and_days() -> None:
    assert ends(date(2024, 12, 31), date(2025, 2, 28)) == [date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 28)]
    assert ends(date(2025, 2, 27), date(2025, 3, 1), "day") == [date(2025, 2, 27) + timedelta(n) for n in range(3)]
    assert ends(TODAY, TODAY) == [TODAY]


def test_every_series_an_indicator_reads_has_one_source_that_tells_what_the_indicator_offers() -> None:
    assert len(SERIES) == len(set(SERIES))
    for one in INDICATORS:
        assert set(one.formula.series) <= set(SERIES), one.key
        for language in (one.vi, one.en, one.definition_vi, one.definition_en, one.owner_vi, one.owner_en):
            assert language.strip(), one.key
        assert (one.target is None) == (not one.target_source), one.key


@pytest.mark.usefixtures("looked")
def test_days_that_are_closed_are_not_read_again_until_the_former_log_grows_or_all_is_asked_anew() -> None:
    february = date(2025, 2, 1)
    with pytest.raises(DayNotOver):
        close_days(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=FixedClock(JULY.at), until=date(2025, 8, 1))
    close_days(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, until=february)
    before = rows("SELECT * FROM reporting_partcount ORDER BY 1, 2, 3, 4, 5")
    looked_up("2025-01-05 03:00:00+00", 1, 1, 90)
    looked_up("2025-02-01 03:00:00+00", 1, 1, 91)
    count()
    assert (compared(CARD, date(2025, 1, 31), YEAR_END).value, compared(CARD, TODAY, YEAR_END).value) == (3, 5)
    wrong = next(one for one in checks.checks() if not one.ok)
    assert list(wrong.offending) == ["cards.lookups_successful", CARD]
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử", anew=True)
    assert compared(CARD, TODAY, YEAR_END).value == 6
    assert all(one.ok for one in checks.checks())
    assert before != rows("SELECT * FROM reporting_partcount ORDER BY 1, 2, 3, 4, 5")
    assert [source.name for source in SOURCES if source.by_clock] == ["lookups", "reads", "sign_ins"]
    close_days(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, until=february)
    looked_up("2025-01-05 03:00:00+00", 1, 1, 92)
    execute("INSERT INTO audit_former_load (source, row_count) VALUES ('more', 1)")
    count()
    assert all(one.ok for one in checks.checks())


@pytest.mark.usefixtures("looked")
def test_what_recurs_each_day_counts_and_closes_the_days_before() -> None:
    # Given a look-up that nobody has counted yet
    looked_up("2025-02-01 03:00:00+00", 1, 1, 91)
    # When the schedule's turn comes, then it is counted, and whoever comes too late for a closed day is not
    closing = next(work for name, _, work in RECURRING if name == "reporting.close")
    closing()
    assert compared(CARD, TODAY, YEAR_END).value == 5
    looked_up("2025-02-01 03:00:00+00", 1, 1, 92)
    count()
    assert compared(CARD, TODAY, YEAR_END).value == 5
