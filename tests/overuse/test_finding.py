"""What cannot be is found among a month of plausible visits, and next to nothing else; an officer decides."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from ansinh.access.roles import ROLES
from ansinh.audit.queries import looks_at
from ansinh.database.sql import execute, number
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.overuse import checks
from ansinh.overuse.operations import decide_finding, find_overuse, show_finding
from ansinh.overuse.queries import Finding, findings, summary
from ansinh.overuse.states import FindingKind, FindingState
from ansinh_synthetic import create
from ansinh_synthetic.visits.overuse import MARK
from ansinh_synthetic.visits.streaming import Period, visits_of_nation
from tests.overuse.book import Book, put_facilities
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

PEOPLE, VISITS, PLANTED = (200_000, 100_000, 200) if CAMPAIGN else (6_000, 1_200, 8)
JUNE = (date(2025, 6, 1), date(2025, 7, 10))
OFFICER = Actor(ActorKind.OFFICER, "gd-01", permissions=ROLES["claims_officer"].permissions)


def search() -> dict[str, int]:
    return find_overuse(actor=ANYBODY_WITH_RIGHTS, reason="rà soát tháng 6", clock=JULY, since=JUNE[0], until=JUNE[1])


@pytest.fixture
def month(fresh_database: OwnDatabase, tmp_path: Path) -> tuple[Book, dict[str, set[frozenset[int]]]]:
    """A month of visits in the book, and the planted pairs of each kind."""
    create(tmp_path, PEOPLE, 23)
    sendings = list(visits_of_nation(tmp_path, Period("2025-06-01", "2025-07-01", VISITS, PLANTED)))
    put_facilities(fresh_database, pq.read_table(tmp_path / "agency" / "facility.parquet").to_pylist())
    book = Book(fresh_database, {})
    book.put(sendings)
    marked: dict[str, set[int]] = {}
    for one in sendings:
        for mark in one.truth.marks.split(","):
            if mark.startswith(MARK) and one.truth.episode in book.visits:
                marked.setdefault(mark, set()).add(book.visits[one.truth.episode])
    planted: dict[str, set[frozenset[int]]] = {kind.value: set() for kind in FindingKind}
    for mark, visits in marked.items():
        planted[mark.split(":")[1]].add(frozenset(visits))
    return book, planted


def found(kind: FindingKind) -> set[frozenset[int]]:
    return {frozenset((one.visit_id, one.other_visit_id)) for one in findings(kind=kind, state=None, limit=1_000)}


def test_planted_cases_are_found_and_next_to_nothing_else(
    month: tuple[Book, dict[str, set[frozenset[int]]]], write_down: WriteDown
) -> None:
    book, planted = month
    counts = search()
    right = wrong = missed = 0
    for kind in FindingKind:
        there = found(kind)
        assert counts[kind.value] == len(there)
        assert len(planted[kind.value]) == PLANTED
        right += len(there & planted[kind.value])
        wrong += len(there - planted[kind.value])
        missed += len(planted[kind.value] - there)
        write_down(kind=kind.value, planted=PLANTED, found=len(there), right=len(there & planted[kind.value]))
    precision, recall = right / (right + wrong), right / (right + missed)
    write_down(visits=len(book.visits), precision=round(precision, 4), recall=round(recall, 4))
    assert precision >= 0.9
    assert recall >= 0.9
    assert sum(search().values()) == 0
    _amended_visits_close_their_findings()
    _an_officer_decides()


def _amended_visits_close_their_findings() -> None:
    (one, *_) = findings(kind=FindingKind.TWO_BEDS)
    execute("UPDATE healthbook_visit SET current = false, superseded_at = now() WHERE visit_id = %s", [one.visit_id])
    search()
    assert one.finding_no in {gone.finding_no for gone in findings(state=FindingState.GONE)}
    with pytest.raises(InvalidInput):
        decide(one, FindingState.LEGITIMATE)


def decide(finding: Finding, decision: FindingState, *, words: str = "đã xem hồ sơ", minutes: int = 0) -> None:
    decide_finding(
        actor=OFFICER,
        reason="giám định",
        clock=type(JULY)(JULY.now() + timedelta(minutes=minutes)),
        finding_no=finding.finding_no,
        decision=decision,
        words=words,
    )


def _an_officer_decides() -> None:
    finding = findings()[0]
    assert show_finding(actor=OFFICER, reason="giám định", finding_no=finding.finding_no) == finding
    seen = "SELECT count(*) FROM audit_act WHERE act = 'overuse.show_finding' AND (facts ->> 'person')::bigint = %s"
    assert number(seen, [finding.person_id]) == 1
    copied = findings(kind=FindingKind.COPIED)[0]
    show_finding(actor=OFFICER, reason="giám định", finding_no=copied.finding_no)
    for person in (copied.person_id, copied.other_person_id):
        assert [one.reason for one in looks_at(person) if one.call == "visits that may be over-use"][:1] == [
            "giám định"
        ]
    decide(finding, FindingState.ASKED)
    decide(finding, FindingState.SUSPICIOUS, minutes=5)
    assert (
        show_finding(actor=OFFICER, reason="giám định", finding_no=finding.finding_no).state is FindingState.SUSPICIOUS
    )
    assert number("SELECT count(*) FROM overuse_decision WHERE finding_no = %s", [finding.finding_no]) == 2
    assert all(result.ok for result in checks.checks())
    for wrong in (FindingState.OPEN, FindingState.GONE):
        with pytest.raises(InvalidInput):
            decide(finding, wrong)
    with pytest.raises(InvalidInput):
        decide(finding, FindingState.LEGITIMATE, words=" ")
    with pytest.raises(NotFound):
        show_finding(actor=OFFICER, reason="giám định", finding_no=999_999)
    with pytest.raises(NotPermitted):
        find_overuse(actor=OFFICER, reason="rà soát", clock=JULY, since=JUNE[0], until=JUNE[1])
    assert {kind for kind, _, _ in summary()} == set(FindingKind)
    vi, en = finding.why
    assert vi != en


VISIT = """INSERT INTO healthbook_visit (person_id, year, visit_id, version, current, facility, episode, received_no, receipt, recorded_at, care_kind,
    admitted_at, discharged_at, sensitive) VALUES (%s, 2025, %s, 1, true, %s, 'e', 1, 'r', now(), %s, %s, %s, '{}')"""
LIMITS: list[tuple[tuple[str, ...], tuple[str, ...], str]] = [
    # A transfer on the day: the beds overlap for some hours only.
    (("01001", "03", "06-02 08:00", "06-05 16:00"), ("01002", "03", "06-05 09:00", "06-09 10:00"), ""),
    (("01001", "03", "06-02 08:00", "06-05 16:00"), ("01002", "03", "06-04 16:00", "06-09 10:00"), "two_beds"),
    # An outpatient visit during a stay in the same town is no second bed.
    (("01001", "03", "06-02 08:00", "06-05 16:00"), ("01002", "01", "06-03 09:00", "06-03 10:00"), ""),
    # Hà Nội in the morning, Hồ Chí Minh City the next morning: by train or by air.
    (("01001", "01", "06-02 07:00", "06-02 08:00"), ("79001", "01", "06-03 07:30", "06-03 08:00"), ""),
    (("01001", "01", "06-02 07:00", "06-02 08:00"), ("79001", "01", "06-02 10:00", "06-02 11:00"), "far_apart"),
    # Neighbouring provinces within the hour.
    (("01001", "01", "06-02 07:00", "06-02 08:00"), ("24001", "01", "06-02 09:00", "06-02 09:30"), ""),
]


def test_limits_are_where_the_table_says(fresh_database: OwnDatabase) -> None:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        for code in sorted({facility for case in LIMITS for facility, *_ in case[:2]}):
            owner.execute(
                "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, 'x', 'basic', %s, '00001')",
                [code, code[:2]],
            )
        for person, case in enumerate(LIMITS, start=1):
            for place, (facility, care_kind, arrived, left) in enumerate(case[:2], start=1):
                times = [f"2025-{moment}+07" for moment in (arrived, left)]
                owner.execute(VISIT, [person, 10 * person + place, facility, care_kind, *times])
    search()
    there = {one.person_id: one.kind.value for one in findings()}
    assert there == {person: kind for person, (*_, kind) in enumerate(LIMITS, start=1) if kind}
    for until in (JUNE[0], date(2027, 1, 1)):
        with pytest.raises(InvalidInput):
            find_overuse(actor=ANYBODY_WITH_RIGHTS, reason="rà soát", clock=JULY, since=JUNE[0], until=until)
