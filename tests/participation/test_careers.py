"""A career counts each month once, as known on a day, in the form the law asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.database.sql import execute
from ansinh.participation.laying import lay_out
from ansinh.participation.queries import career, careers
from ansinh.participation.spans import Span
from ansinh.participation.timeline import (
    OPEN,
    Piece,
    Terms,
    clear_months,
    index_of,
    joined,
    months_between,
    set_months,
)
from ansinh.rules.situations import cases_of

TAKEN_OVER = datetime(2025, 1, 1, tzinfo=UTC)
JULY = date(2025, 7, 31)


def keep(person: int, span: int, months: tuple[int, int | None], wage: int = 8_000_000, **more: object) -> None:
    row = {"employer_id": 1, "scheme": "compulsory", "unemployment": True, "recorded_at": TAKEN_OVER, **more}
    execute(
        "INSERT INTO participation_span (person_id, span_id, from_month, until_month, wage, employer_id, scheme, unemployment, recorded_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [person, span, *months, wage, *row.values()],
    )


def employ(employer: int, kind: str) -> None:
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) VALUES (%s, %s, %s, %s, '01', '00004', 2)",
        [employer, f"E{employer}", f"Đơn vị {employer}", kind],
    )


@pytest.mark.django_db
def test_career_counts_a_month_once_with_the_contract_that_began_first() -> None:
    employ(1, "enterprise")
    employ(2, "state")
    keep(7, 1, (201001, 201101))
    keep(7, 2, (201101, 201201), 9_000_000)
    keep(7, 3, (201007, 201107), 5_000_000, employer_id=2)
    keep(7, 4, (201106, 201301), 2_000_000, employer_id=None, scheme="voluntary", unemployment=False)
    found = career(7, JULY)
    assert [(one.from_month, one.until_month, one.wage, one.pay, one.region) for one in found.stretches] == [
        (201001, 201101, 8_000_000, "employer", 2),
        (201101, 201201, 9_000_000, "employer", 2),
        (201201, 201301, 2_000_000, "voluntary", None),
    ]
    assert found.months == 36
    assert careers([7, 8], JULY)[7] == found
    assert careers([7, 8], JULY)[8].stretches == ()


@pytest.mark.django_db
def test_career_of_a_job_that_goes_on_ends_before_the_month_that_is_not_paid_yet() -> None:
    employ(1, "state")
    keep(7, 1, (202501, None))
    assert [one.until_month for one in career(7, JULY).stretches] == [202507]
    assert [one.until_month for one in career(7, JULY, upto=202601).stretches] == [202601]
    assert career(7, date(2024, 12, 31)).stretches == ()
    (case,) = cases_of(
        [{"ask": "one_off", "on": "2025-07", "person": {"contributions": career(7, JULY).contributions()}}]
    )
    assert case.person.contributions[0].kind == "state"  # type: ignore[union-attr]  # a person with contributions was read above


MONTHS = st.integers(0, 119).map(lambda index: (2000 + index // 12) * 100 + index % 12 + 1)
SPELLS = st.tuples(MONTHS, MONTHS).filter(lambda months: months[0] < months[1])
TERMS = st.builds(Terms, st.integers(1, 3).map(lambda n: n * 1_000_000), st.booleans())


@st.composite
def told(draw: st.DrawFn) -> list[Span]:
    rows = draw(st.lists(st.tuples(SPELLS, st.integers(0, 3), st.booleans(), st.booleans()), max_size=8))
    return [
        Span(7, number, employer or None, "compulsory" if employer else "voluntary", unemployed, start, None if goes_on else end,
             1_000_000, None, None, "normal", None, TAKEN_OVER, None, None, None, None)
        for number, ((start, end), employer, unemployed, goes_on) in enumerate(rows)
    ]  # fmt: skip


@given(told(), MONTHS)
def test_no_month_counts_twice_and_none_is_lost(spans: list[Span], upto: int) -> None:
    laid = lay_out(spans, upto)
    said = {month for one in spans for month in range(index_of(one.from_month), index_of(min(one.end, upto)))}
    counted = [month for one in laid.counted for month in range(index_of(one.start), index_of(one.end))]
    assert sorted(said) == counted
    twice = sum(max(0, months_between(one.from_month, min(one.end, upto))) for one in spans) - len(counted)
    assert sum(months_between(one.start, one.end) for one in laid.shared) == twice
    gaps = sum(months_between(one.start, one.end) for one in laid.missing)
    assert not counted or gaps == counted[-1] - counted[0] + 1 - len(counted)


@given(st.lists(st.tuples(SPELLS, TERMS), max_size=6), SPELLS, TERMS)
def test_setting_months_and_setting_them_back_says_the_same(
    spells: list[tuple[tuple[int, int], Terms]], months: tuple[int, int], terms: Terms
) -> None:
    pieces: list[Piece] = []
    for (start, end), there in spells:
        pieces = set_months(pieces, start, end, there)
    changed = set_months(pieces, *months, terms)
    back = clear_months(changed, *months)
    for one in pieces:
        if one.crosses(*months):
            back = set_months(back, max(one.start, months[0]), min(one.end, months[1]), one.terms)
    assert joined(back) == joined(pieces)
    assert set_months(changed, *months, terms) == changed
    for former, later in pairwise(changed):
        assert former.end <= later.start


def test_a_piece_that_goes_on_is_cut_and_goes_on() -> None:
    terms = Terms(1, True)
    assert clear_months([Piece(202001, OPEN, terms)], 202101, 202103) == [
        Piece(202001, 202101, terms),
        Piece(202103, OPEN, terms),
    ]
