"""What `published.book_v1` tells: the own book, whole, in months that count once; and that nobody reads it without a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh.audit.queries import looks_at, verify_chains
from ansinh.participation.queries import career
from ansinh.reporting import checks
from ansinh.reporting.operations import count_days
from ansinh.reporting.queries import figures
from tests.audit.standing import open_chain, pin_of
from tests.gateway_book.books import CAREER, EMPLOYERS, MORNING, Told, add_book, code_of, read
from tests.guard.ceilings import set_ceiling
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase


@pytest.fixture
def gateway(fresh_database: OwnDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as connection:
        yield connection


def test_the_book_is_told_newest_first_with_its_months(
    fresh_database: OwnDatabase, gateway: psycopg.Connection
) -> None:
    add_book(fresh_database, 1)
    ((result, person, answer),) = read(gateway, open_chain(gateway), [(pin_of(1), pin_of(1))])
    told = json.loads(answer)
    assert (result, person, told["found"], told["asked"]) == (1, 1, True, {"key": pin_of(1), "kind": "pin"})
    book = told["book"]
    # 60 + 60 months with two employers, 6 on one's own, and from January 2021 up to May 2025.
    assert book["months"] == {"total": 179, "compulsory": 173, "voluntary": 6, "unemployment": 173}
    assert (book["first_month"], book["last_month"], book["spans_left_out"]) == (201001, 202505, 0)
    assert book["spans"][0] == {
        "employer": EMPLOYERS[2], "scheme": "compulsory", "unemployment": True, "from": 202101, "until": None, "wage": 9_000_000
    }  # fmt: skip
    assert [one["employer"] for one in book["spans"]] == [EMPLOYERS[2], None, EMPLOYERS[1], EMPLOYERS[0]]


def test_by_the_social_insurance_code_it_is_the_same_book(
    fresh_database: OwnDatabase, gateway: psycopg.Connection
) -> None:
    add_book(fresh_database, 1)
    chain = open_chain(gateway)
    (by_pin,) = read(gateway, chain, [(pin_of(1), pin_of(1))])
    (by_code,) = read(gateway, chain, [(code_of(1), pin_of(1))])
    assert json.loads(by_code[2])["book"] == json.loads(by_pin[2])["book"]
    assert json.loads(by_code[2])["asked"] == {"key": code_of(1), "kind": "si_code"}


def test_nobody_reads_another_ones_book(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    add_book(fresh_database, 1)
    add_book(fresh_database, 2)
    questions = [
        (pin_of(1), pin_of(2)),
        (code_of(1), pin_of(2)),
        (pin_of(1), pin_of(999)),
        (pin_of(999), pin_of(1)),
        (pin_of(998), pin_of(999)),
        (pin_of(999), pin_of(999)),
    ]
    answers = read(gateway, open_chain(gateway), questions)
    assert [result for result, _, _ in answers] == [6, 6, 6, 6, 6, 0]
    assert [person for _, person, _ in answers] == [1, 1, 1, 0, 0, 0]
    assert all(json.loads(answer)["book"] is None for _, _, answer in answers)
    assert [(look.result, look.officer) for look in looks_at(1)] == [
        ("not the asker's own", "person 0"), ("not the asker's own", "person 2"), ("not the asker's own", "person 2")
    ]  # fmt: skip


def test_each_reading_has_its_row_and_the_chain_holds(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    add_book(fresh_database, 1)
    add_book(fresh_database, 2)
    chain = open_chain(gateway)
    answers = read(gateway, chain, [(pin_of(1), pin_of(1)), (pin_of(2), pin_of(2)), (pin_of(1), pin_of(2))])
    answers += read(gateway, chain, [(pin_of(1), pin_of(1))])
    looks = {look.audit_id: look for person in (1, 2) for look in looks_at(person)}
    assert {int(json.loads(answer)["audit_id"]) for _, _, answer in answers} == looks.keys()
    assert {(look.call, look.purpose, look.facility) for look in looks.values()} == {
        ("contribution book", "own_record", "")
    }
    assert pin_of(1) not in str(looks.values())
    assert verify_chains().whole


def test_who_never_contributed_has_no_book(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    add_book(fresh_database, 1, ())
    ((result, person, answer),) = read(gateway, open_chain(gateway), [(pin_of(1), pin_of(1))])
    assert (result, person) == (2, 1)
    assert (json.loads(answer)["found"], json.loads(answer)["book"]) == (False, None)


def test_only_what_is_recorded_now_is_told(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    add_book(fresh_database, 1)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("UPDATE participation_span SET superseded_at = now() + interval '1 s' WHERE span_id IN (1, 4)")
    ((_, _, answer),) = read(gateway, open_chain(gateway), [(pin_of(1), pin_of(1))])
    book = json.loads(answer)["book"]
    assert (book["months"]["total"], book["first_month"], book["last_month"]) == (66, 201501, 202012)


def test_a_merged_records_spans_stand_in_the_persons_book(
    fresh_database: OwnDatabase, gateway: psycopg.Connection
) -> None:
    add_book(fresh_database, 1, CAREER[:2])
    add_book(fresh_database, 2, CAREER[2:])
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("INSERT INTO people_alias (alias_person_id, person_id, merged_into) VALUES (2, 1, 1)")
    chain = open_chain(gateway)
    answers = read(gateway, chain, [(pin_of(1), pin_of(1)), (code_of(2), pin_of(1)), (pin_of(1), pin_of(2))])
    assert [(result, person) for result, person, _ in answers] == [(1, 1)] * 3
    assert {json.loads(answer)["book"]["months"]["total"] for _, _, answer in answers} == {179}


def test_a_long_book_is_bounded_and_says_so(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    spans: list[Told] = [
        (1, "compulsory", True, 199_001 + 100 * (n // 12) + n % 12, 199_001 + 100 * ((n + 1) // 12) + (n + 1) % 12, n)
        for n in range(300)
    ]
    add_book(fresh_database, 1, spans)
    ((_, _, answer),) = read(gateway, open_chain(gateway), [(pin_of(1), pin_of(1))])
    book = json.loads(answer)["book"]
    assert (book["months"]["total"], len(book["spans"]), book["spans_left_out"]) == (300, 240, 60)
    assert [one["wage"] for one in book["spans"]] == list(range(299, 59, -1))


def test_a_citizen_reads_so_often_and_no_more(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    set_ceiling(fresh_database, "citizen", persons_an_hour=3, persons_a_day=5)
    for person in (1, 2):
        add_book(fresh_database, person)
    chain, mine, theirs = open_chain(gateway), (pin_of(1), pin_of(1)), (pin_of(2), pin_of(2))

    def results(*asked: tuple[str, str], hours: float = 0) -> list[int]:
        return [result for result, _, _ in read(gateway, chain, asked, at=MORNING + timedelta(hours=hours))]

    assert results(mine, theirs, mine) == [1, 1, 1]
    assert results(mine, mine, theirs) == [1, 5, 1]
    assert results(mine) == [5]
    assert results(mine, hours=1.5) == [5], "five in a day, refused ones too"
    assert results(theirs, hours=1.5) == [1]
    assert results(mine, hours=26) == [1]
    assert verify_chains().whole


def test_books_that_were_told_are_the_figure_of_the_report(
    fresh_database: OwnDatabase, gateway: psycopg.Connection
) -> None:
    add_book(fresh_database, 1)
    add_book(fresh_database, 2, ())
    asked = [(pin_of(1), pin_of(1)), (pin_of(2), pin_of(2)), (pin_of(1), pin_of(2)), (code_of(1), pin_of(1))]
    read(gateway, open_chain(gateway), asked)
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")
    told = {one.indicator.key: (one.value, one.compare_value) for one in figures(date(2025, 6, 3), date(2025, 6, 2))}
    assert told["eid.book_lookups"] == (2, 0)
    assert told["cards.lookups_successful"] == told["cards.lookups_unsuccessful"] == (0, 0)
    assert all(result.ok for result in checks.checks())


def test_a_refusal_is_recorded_and_tells_nothing(fresh_database: OwnDatabase, gateway: psycopg.Connection) -> None:
    add_book(fresh_database, 1)
    ((result, person, answer),) = read(gateway, open_chain(gateway), [(pin_of(1), pin_of(1))], refused=5)
    assert (result, person, json.loads(answer)["book"]) == (5, 1, None)


_MONTHS = st.integers(2000 * 12, 2026 * 12)


def _number(months: int) -> int:
    return months // 12 * 100 + months % 12 + 1


@st.composite
def careers(draw: st.DrawFn) -> list[Told]:
    """A career in which employers overlap as they like."""
    told: list[Told] = []
    for _ in range(draw(st.integers(1, 8))):
        since = draw(_MONTHS)
        until = draw(st.none() | st.integers(since + 1, since + 90))
        employer = draw(st.sampled_from([None, 1, 2, 3]))
        scheme = "compulsory" if employer else "voluntary"
        told.append((employer, scheme, False, _number(since), None if until is None else _number(until), 1))
    return told


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=careers())
def test_months_are_those_of_the_career(
    spans: list[Told], fresh_database: OwnDatabase, gateway: psycopg.Connection
) -> None:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        row = owner.execute("SELECT coalesce(max(person_id), 0) + 1 FROM people_identifier").fetchone()
        assert row is not None
    person = int(row[0])
    add_book(fresh_database, person, spans)
    ((_, _, answer),) = read(gateway, open_chain(gateway), [(pin_of(person), pin_of(person))])
    months: dict[str, Any] = json.loads(answer)["book"]["months"]
    stretches = career(person, MORNING.replace(year=2100), upto=202506).stretches
    of_pay = {pay: sum(one.months for one in stretches if (one.pay == "voluntary") == pay) for pay in (True, False)}
    assert months == {
        "total": sum(one.months for one in stretches),
        "voluntary": of_pay[True],
        "compulsory": of_pay[False],
        "unemployment": 0,
    }
