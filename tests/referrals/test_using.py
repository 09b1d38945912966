"""A paper is used once, for the right visit at the right facility, and every refusal says why; a withdrawn visit takes its papers with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.audit.queries import looks_at
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.referrals.checks import checks
from ansinh.referrals.operations import check_referral, keep_appointment, read_papers, send_reminders, take_papers
from ansinh.referrals.queries import PapersOf, VisitPapers
from ansinh.referrals.states import PaperRefused, Verdict
from tests.referrals.given import (
    ELSEWHERE,
    ISSUER,
    PAPER,
    PATIENT,
    RECEIVER,
    SIGNED,
    at,
    found_facilities,
    referral,
    shown,
    slip,
    take,
    use,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _facilities(db: None) -> None:
    found_facilities()


def papers(clock: Any = None) -> PapersOf:
    return read_papers(
        actor=ANYBODY_WITH_RIGHTS,
        reason="xem",
        clock=clock or at(2025, 6, 5),
        person_id=PATIENT,
        purpose=Purpose.ADMINISTRATION,
    )


def refused(**asked: Any) -> PaperRefused:
    with pytest.raises(PaperRefused) as caught:
        use(**asked)
    return caught.value


def test_a_paper_is_used_once_and_the_second_is_told_when_and_where() -> None:
    take(referral())
    found = use()
    assert (found.verdict, found.referral is not None and found.referral.tier) == (Verdict.USABLE, "up")
    assert use().used_here
    again = refused(episode="LK-10", clock=at(2025, 6, 6))
    assert again.facts["verdict"] == "used"
    assert "09:00 ngày 05/06/2025 tại cơ sở 01004 (Bệnh viện Đa khoa Mẫu)" in again.vi
    assert "09:00 on 2025-06-05 at facility 01004" in again.en
    assert number("SELECT count(*) FROM referrals_use") == 1
    assert [one.standing for one in papers().referrals] == ["used"]


def test_a_year_long_paper_stays_with_the_facility_that_used_it_first() -> None:
    take(referral(diagnoses=("E11.9",), to=None))
    use(episode="LK-9")
    use(episode="LK-10", clock=at(2026, 5, 29))
    assert refused(facility=ELSEWHERE, episode="LK-11").facts["verdict"] == "used"
    assert refused(episode="LK-12", clock=at(2026, 6, 2)).facts["verdict"] == "expired"
    assert len(papers().referrals[0].uses) == 2


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ({"number": "nowhere"}, "unknown"),
        ({"facility": ELSEWHERE}, "other_facility"),
        ({"clock": at(2025, 6, 1)}, "not_yet"),
        ({"clock": at(2025, 6, 17)}, "expired"),
    ],
)
def test_a_paper_that_cannot_be_used_says_why_and_nothing_changes(asked: dict[str, Any], verdict: str) -> None:
    take(referral())
    assert refused(**asked).facts["verdict"] == verdict
    assert number("SELECT count(*) FROM referrals_use") == 0
    assert use(clock=at(2025, 6, 16, 23)).verdict is Verdict.USABLE


def test_checking_uses_nothing_and_is_seen() -> None:
    take(referral())
    found = check_referral(actor=ANYBODY_WITH_RIGHTS, reason="tiếp đón", clock=at(2025, 6, 5), shown=shown())
    assert found.verdict is Verdict.USABLE
    assert number("SELECT count(*) FROM referrals_use") == 0
    assert {(one.call, one.purpose) for one in looks_at(PATIENT)} == {("referral paper", "referral")}


def test_a_withdrawn_visit_takes_its_papers_with_it_and_gives_back_what_it_used() -> None:
    take(referral(), slip())
    use()
    take(facility=RECEIVER, episode="LK-9", withdrawn=True)
    assert papers().referrals[0].standing == "issued"
    use(episode="LK-10")
    take(withdrawn=True)
    assert [one.standing for one in papers().referrals] == ["withdrawn"]
    assert [one.standing for one in papers().appointments] == ["withdrawn"]
    assert len(papers().referrals[0].uses) == 1
    take(referral(), slip())
    assert [one.standing for one in papers().referrals] == ["used"]
    assert [one.standing for one in papers().appointments] == ["booked"]


def test_the_same_visit_twice_is_one_and_a_version_without_a_paper_withdraws_it() -> None:
    take(referral(), slip())
    before = rows("SELECT * FROM referrals_referral")
    take(referral(), slip())
    assert rows("SELECT * FROM referrals_referral") == before
    take(slip(due_on=date(2025, 7, 8)))
    assert [one.standing for one in papers().referrals] == ["withdrawn"]
    assert refused().facts["verdict"] == "withdrawn"
    assert papers().appointments[0].valid_until == date(2025, 7, 22)


def test_visits_taken_together_are_taken_in_their_order_and_numbered_on() -> None:
    other, left = PATIENT + 1, VisitPapers(PATIENT, ISSUER, "LK-1", "R-2", SIGNED, papers=(slip(),))
    first = VisitPapers(PATIENT, ISSUER, "LK-1", "R-1", SIGNED, papers=(referral(), slip()))
    neighbour = VisitPapers(other, ISSUER, "LK-2", "R-3", SIGNED, papers=(referral("A"), referral("B"), referral("A")))
    further = VisitPapers(PATIENT, ISSUER, "LK-3", "R-4", SIGNED, papers=(referral("C"),))
    visits = [first, neighbour, left, further]
    for _ in range(2):
        take_papers(actor=ANYBODY_WITH_RIGHTS, reason="hồ sơ", clock=at(2025, 6, 2), visits=visits)
        found = rows("SELECT person_id, referral_id, number, state FROM referrals_referral ORDER BY 1, 2")
        assert found == [
            (PATIENT, 1, PAPER, "withdrawn"),
            (PATIENT, 2, "C", "issued"),
            (other, 1, "A", "issued"),
            (other, 2, "B", "issued"),
        ]
        assert rows("SELECT person_id, appointment_id, state, receipt FROM referrals_appointment") == [
            (PATIENT, 1, "booked", "R-1")
        ]


def test_an_appointment_is_kept_within_its_window_once() -> None:
    take(slip())
    for day in (at(2025, 6, 30), at(2025, 7, 16)):
        with pytest.raises(PaperRefused):
            keep(day, "LK-20")
    keep(at(2025, 7, 3), "LK-20")
    keep(at(2025, 7, 3), "LK-20")
    with pytest.raises(PaperRefused):
        keep(at(2025, 7, 4), "LK-21")
    assert papers(at(2025, 7, 30)).appointments[0].standing == "kept"
    with pytest.raises(NotFound):
        keep(at(2025, 7, 3), "LK-20", 99)


def keep(clock: Any, episode: str, appointment: int = 1) -> None:
    keep_appointment(
        actor=ANYBODY_WITH_RIGHTS,
        reason="đến khám",
        clock=clock,
        person_id=PATIENT,
        appointment_id=appointment,
        episode=episode,
    )


def test_a_visit_by_appointment_keeps_it_and_one_nobody_came_to_is_missed() -> None:
    take(slip(), slip("GHK-2", date(2025, 7, 20)))
    take(episode="LK-20", category="1.5", admitted_on=date(2025, 7, 2))
    standings = {one.number: one.standing for one in papers(at(2025, 9, 1)).appointments}
    assert standings == {"GHK-2025-00071": "kept", "GHK-2": "missed"}
    take(episode="LK-20", withdrawn=True)
    assert {one.standing for one in papers(at(2025, 7, 1)).appointments} == {"booked"}


def test_people_are_reminded_once_of_what_is_due_soon() -> None:
    take(slip())
    told = [remind(at(2025, 6, day)) for day in (20, 29, 30)]
    assert told == [0, 1, 0]
    assert rows("SELECT template, parameters->>'due_on' FROM notices_message WHERE person_id = %s", [PATIENT]) == [
        ("appointment_due", "01/07/2025")
    ]


def remind(clock: Any) -> int:
    return send_reminders(actor=ANYBODY_WITH_RIGHTS, reason="nhắc hẹn", clock=clock)


def test_the_database_itself_refuses_a_second_use() -> None:
    take(referral())
    use()
    with pytest.raises(Exception, match="referrals_use_only_once"):
        execute(
            "INSERT INTO referrals_use (person_id, referral_id, use_no, reach, facility, episode, officer, used_at) "
            "VALUES (%s, 1, 2, 'once', %s, 'LK-99', 'x', now())",
            [PATIENT, ELSEWHERE],
        )


EPISODES = st.sampled_from(["LK-9", "LK-10", "LK-11"])
PLACES = st.sampled_from([RECEIVER, ELSEWHERE])
NUMBERS = {PAPER: ("K35",), "GCT-YEAR": ("E11.9",)}


class PaperStates(RuleBasedStateMachine):
    """A model of two papers, one good for one visit and one for a year, beside the database."""

    @initialize()
    def begin(self) -> None:
        for table in ("use", "referral", "appointment"):
            execute(f"DELETE FROM referrals_{table}")
        self.there = dict.fromkeys(NUMBERS, False)
        self.uses: dict[str, set[tuple[str, str]]] = {number: set() for number in NUMBERS}

    @rule(which=st.sets(st.sampled_from(sorted(NUMBERS))))
    def visit_says(self, which: set[str]) -> None:
        take(*(referral(number, diagnoses=NUMBERS[number], to=None) for number in sorted(which)))
        self.there = {number: number in which for number in NUMBERS}

    @rule()
    def visit_is_withdrawn(self) -> None:
        take(withdrawn=True)
        self.there = dict.fromkeys(NUMBERS, False)

    @rule(number=st.sampled_from(sorted(NUMBERS)), place=PLACES, episode=EPISODES)
    def is_shown(self, number: str, place: str, episode: str) -> None:
        uses = self.uses[number]
        free = not uses or (number == "GCT-YEAR" and {where for where, _ in uses} == {place})
        if (place, episode) in uses or (self.there[number] and free):
            use(place, episode, number)
            uses.add((place, episode))
        else:
            refused(facility=place, episode=episode, number=number)

    @rule(place=PLACES, episode=EPISODES)
    def received_visit_is_withdrawn(self, place: str, episode: str) -> None:
        take(facility=place, episode=episode, withdrawn=True)
        for uses in self.uses.values():
            uses.discard((place, episode))

    @invariant()
    def papers_are_as_modelled(self) -> None:
        found = {one.number: one for one in papers().referrals}
        for paper, uses in self.uses.items():
            if paper in found:
                state = "withdrawn" if not self.there[paper] else "used" if uses else "issued"
                assert (found[paper].state, {(u.facility, u.episode) for u in found[paper].uses}) == (state, uses)
        assert all(not check.offending for check in checks())


def test_papers_follow_their_states(db: None) -> None:
    run_state_machine_as_test(
        PaperStates, settings=settings(max_examples=12, stateful_step_count=15, suppress_health_check=list(HealthCheck))
    )
