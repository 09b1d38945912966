"""Whatever officers do, in whatever order: no path leads to money without two people, and every decision sums to its amount."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

import ansinh.benefits
from ansinh.benefits.deciding import FactsMissing
from ansinh.benefits.file_checks import file_checks
from ansinh.benefits.file_states import CLOSED, TRANSITIONS, FileEvent, FileKind, FileState, after, drawn
from ansinh.benefits.filing import FileNotInState
from ansinh.benefits.operations import Filed
from ansinh.benefits.queries import decisions_on, file_numbered
from ansinh.benefits.states import SameOfficer
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import legal_day
from tests.benefits.filed import (
    BABY,
    CHILD,
    HOA_WITH_BOTH_ROLES,
    HUSBAND,
    LONG_AGO,
    TODAY,
    WIDOW,
    WOMAN,
    WORKER,
    decide,
    die,
    file,
    pay,
    prepare,
    settle,
    state,
    withdraw,
)

ACTS: dict[str, Callable[[Filed], object]] = {
    "prepare": prepare,
    "approve": decide,
    "approve own": lambda filed: decide(filed, by=HOA_WITH_BOTH_ROLES),
    "send back": lambda filed: decide(filed, send_back="xem lại"),
    "state": lambda filed: state(filed, work_ended="2025-07-31"),
    "await": lambda filed: state(filed, awaiting="thân nhân"),
    "withdraw": withdraw,
}


def entitlements() -> int:
    return number("SELECT count(*) FROM benefits_entitlement")


def test_money_is_reached_through_approval_alone() -> None:
    ways = [event for event, (_, following) in TRANSITIONS.items() if following is FileState.GRANTED]
    assert ways == [FileEvent.GRANTED]
    assert TRANSITIONS[FileEvent.GRANTED][0] == {FileState.PREPARED}
    assert all(after(event, one) is None for event in FileEvent for one in CLOSED)


def test_every_state_is_reached_and_left_but_the_closed_ones() -> None:
    reached = {FileState.FILED}
    for _ in FileState:
        reached |= {following for event in FileEvent for one in reached if (following := after(event, one)) is not None}
    assert reached == set(FileState)
    assert {one for one in FileState if any(after(event, one) for event in FileEvent)} == set(FileState) - CLOSED


def test_the_rooms_page_shows_the_diagram_drawn_from_the_table() -> None:
    page = (Path(ansinh.benefits.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{drawn()}\n```" in page, "Cure: paste what file_states.drawn() returns into the page."


@pytest.mark.django_db
@settings(max_examples=12)
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=9), works_on=st.booleans())
def test_no_path_leads_to_money_without_two_people(acts: list[str], works_on: bool) -> None:
    with transaction.atomic():
        settle()
        if works_on:
            pay(WOMAN, 202507, None, 9_000_000)
        filed = file(FileKind.RETIREMENT, WOMAN)
        for act in acts:
            before = file_numbered(filed.application_id)
            opened = entitlements()
            try:
                with transaction.atomic():
                    ACTS[act](filed)
            except (FileNotInState, SameOfficer, FactsMissing):
                assert (file_numbered(filed.application_id), entitlements()) == (before, opened)
            granted = file_numbered(filed.application_id).state is FileState.GRANTED
            assert entitlements() == int(granted)
            if granted:
                (kept, *_) = decisions_on(filed.application_id)
                assert kept.approved_by == "hanoi.duc" != kept.prepared_by
        assert all(one.ok for one in file_checks(legal_day(TODAY.at)))
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=8)
@given(
    since=st.integers(1996, 2010),
    wages=st.lists(st.integers(1_000_000, 46_800_000), min_size=1, max_size=6),
    months=st.integers(180, 354),
)
def test_a_pension_is_its_rate_of_the_average_and_the_average_is_its_lines(
    since: int, wages: list[int], months: int
) -> None:
    with transaction.atomic():
        settle()
        execute(
            "UPDATE participation_span SET superseded_at = %s, superseded_by = 'test' WHERE person_id = %s",
            [LONG_AGO.replace(month=2), WOMAN],
        )
        _career(since, wages, months)
        filed = file(FileKind.RETIREMENT, WOMAN)
        prepare(filed)
        decide(filed)
        (kept, *_) = decisions_on(filed.application_id)
        average, results = kept.explanation["average_salary"], kept.explanation["results"]
        total = sum(line["amount_hundredths"] for line in average["lines"])
        assert average["amount"] == (2 * total + 100 * average["months"]) // (200 * average["months"])
        by_rate = (2 * average["amount"] * round(10 * results["pension_rate"]) + 1_000) // 2_000
        # The lowest pension of those with 20 compulsory years is the reference level.
        assert results["pension"] == (max(by_rate, 2_340_000) if average["months"] >= 240 else by_rate)
        assert kept.amount == sum(award["amount"] for award in kept.awards)
        paid = rows("SELECT amount FROM benefits_version_v1 WHERE state = 'paid' ORDER BY amount")
        assert sorted(award["amount"] for award in kept.awards) == [amount for (amount,) in paid]
        transaction.set_rollback(True)


def _career(since: int, wages: list[int], months: int) -> None:
    """Let the woman pay so many months from January of a year, at one wage after another, at the latest until July 2025."""
    months = min(months, (2025 - since) * 12 + 6)
    each, first = max(1, months // len(wages)), since * 12
    for place, wage in enumerate(wages):
        start = first + place * each
        end = first + months if place == len(wages) - 1 else start + each
        pay(WOMAN, start // 12 * 100 + start % 12 + 1, end // 12 * 100 + end % 12 + 1, wage)


@pytest.mark.django_db
@settings(max_examples=8)
@given(
    relatives=st.lists(
        st.tuples(st.sampled_from([WIDOW, CHILD, BABY, WORKER, WOMAN]), st.sampled_from(["child", "spouse", "parent"])),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[0],
    ),
    choice=st.sampled_from(["monthly", "one_off"]),
)
def test_survivors_get_what_the_law_answers_for_each_and_it_sums(relatives: list[tuple[int, str]], choice: str) -> None:
    with transaction.atomic():
        settle()
        die(HUSBAND, legal_day(LONG_AGO).replace(month=7, day=3))
        filed = file(FileKind.SURVIVORS, WIDOW, insured_person_id=HUSBAND)
        stated = [{"person": person, "kinship": kinship} for person, kinship in relatives]
        filed = state(filed, TODAY, None, relatives=stated, choice=choice)
        prepare(filed)
        decide(filed)
        (kept, *_) = decisions_on(filed.application_id)
        results = kept.explanation["results"]
        monthly = choice == "monthly" and results["survivor_allowances_total"] > 0
        owed = results["survivor_allowances_total"] if monthly else results["one_off_survivors"]
        assert kept.amount == owed == sum(award["amount"] for award in kept.awards)
        assert len(kept.awards) <= 4
        assert all(one.ok for one in file_checks(legal_day(TODAY.at)))
        transaction.set_rollback(True)
