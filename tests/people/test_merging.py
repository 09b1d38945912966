"""Merging is an alias row: nothing else moves, every door leads to the survivor, and unmerging gives every row back with its owner."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansinh.cards import checks as card_checks
from ansinh.cards.operations import issue_cards, project_standing
from ansinh.config.effects import EFFECTS
from ansinh.config.following import decide_and_follow
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import Refusal
from ansinh.participation.operations import load_participation
from ansinh.people import checks as people_checks
from ansinh.people.operations import Decided, approve_request, prepare_merge, prepare_unmerge
from ansinh.people.queries import person_as_known, person_of_number, records_of, requests_about, resolve
from ansinh.places.operations import load_reference
from tests.people.identity_cast import AN, BINH, LAN, MINH, REASON, approve, correct, later, load, merge, unmerge
from tests.support.agency_files import si_code, write_participation
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 31)


@pytest.fixture
def first(tmp_path: Path) -> int:
    """The first of four records."""
    return load(tmp_path, {}, {}, {}, {})


def insured(tmp_path: Path, first: int, *coverages: dict[str, Any], source: str = "one") -> None:
    """Coverage and cards for records (numbered from 1), and their standings."""
    (folder := tmp_path / source).mkdir()
    write_participation(folder, coverages)
    load_participation(actor=ANYBODY_WITH_RIGHTS, reason=REASON, source=source, folder=folder, persons_before=first - 1)
    bounds: dict[str, Any] = {"from_person": first, "until_person": first + 4}
    issue_cards(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, **bounds)
    project_standing(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, **bounds)


def approve_and_follow(request: int) -> Decided:
    def act() -> Decided:
        return approve_request(actor=MINH, reason=REASON, clock=JULY, request=request)

    return decide_and_follow(act, reason=REASON, clock=JULY)


def standings() -> list[tuple[int, str, str | None, str]]:
    return rows("SELECT person_id, facility, card_number, si_code FROM cards_standing ORDER BY person_id")


def refused(alias: int, survivor: int) -> str:
    with pytest.raises(Refusal) as refusal:
        prepare_merge(actor=LAN, reason=REASON, clock=JULY, alias=alias, survivor=survivor)
    return refusal.value.code


def test_merge_shows_the_coverage_of_both_and_unmerge_gives_each_row_back(tmp_path: Path, first: int) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY)
    ended = {"record_no": 1, "valid_from": date(2023, 1, 1), "valid_until": date(2024, 1, 1)}
    insured(tmp_path, first, ended, {"record_no": 2, "facility": "01002"})
    before = standings()
    asked = prepare_merge(actor=LAN, reason=REASON, clock=JULY, alias=first + 1, survivor=first, effects=EFFECTS)
    (line,) = requests_about(first)
    assert {(effect["room"], effect["person_id"]) for effect in line.effects} == {
        (room, person) for room in ("cards", "participation") for person in (first, first + 1)
    }
    approve_and_follow(asked.request)
    assert standings() == [(first, "01002", f"DN401{si_code(2)}", si_code(1))]
    assert all(result.ok for result in card_checks.checks(TODAY))
    undo = prepare_unmerge(actor=LAN, reason=REASON, clock=JULY, alias=first + 1)
    approve_and_follow(undo.request)
    assert standings() == before
    assert all(result.ok for result in card_checks.checks(TODAY))


def test_coverage_and_cards_made_while_merged_go_back_with_their_record(tmp_path: Path, first: int) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY)
    insured(tmp_path, first, {"record_no": 1})
    merge(first + 1, first)
    insured(tmp_path, first, {"record_no": 2, "object_code": "HT", "facility": "01009"}, source="two")
    assert [person for person, *_ in standings()] == [first]
    assert number("SELECT person_id FROM cards_card WHERE object_code = 'HT'") == first + 1
    unmerge(first + 1)
    insured(tmp_path, first, source="three")
    assert [(person, facility) for person, facility, *_ in standings()] == [(first, "01001"), (first + 1, "01009")]


def test_every_number_of_a_merged_record_leads_to_the_survivor_and_back(first: int) -> None:
    merge(first + 1, first)
    assert person_of_number("si_code", si_code(2)) == first
    assert (resolve(first + 1), records_of(first)) == (first, [first, first + 1])
    unmerge(first + 1, later())
    assert person_of_number("si_code", si_code(2)) == first + 1
    assert (resolve(first + 1), records_of(first)) == (first + 1, [first])
    assert rows("SELECT person_id FROM people_due ORDER BY 1") == [(first,), (first + 1,)]


def test_chains_resolve_in_one_step_and_come_apart_link_by_link(first: int) -> None:
    a, b, c, d = range(first, first + 4)
    merge(a, b)
    merge(b, c)
    merge(c, d)
    aliases = "SELECT alias_person_id, person_id FROM people_alias ORDER BY 1"
    assert rows(aliases) == [(a, d), (b, d), (c, d)]
    unmerge(b)
    assert rows(aliases) == [(a, b), (c, d)]
    unmerge(c)
    assert rows(aliases) == [(a, b)]
    assert all(result.ok for result in people_checks.checks())


def test_merge_keeps_the_record_with_the_number_and_refuses_two_numbers(first: int) -> None:
    approve(correct(first, "pin", None, AN).request)
    approve(correct(first + 1, "pin", None, BINH).request)
    assert refused(first, first + 2) == "cannot_merge"
    assert refused(first, first + 1) == "cannot_merge"
    assert refused(first + 2, first + 2) == "cannot_merge"
    assert refused(first + 2, 999) == "not_found"
    merge(first + 2, first)
    assert refused(first + 2, first + 1) == "cannot_merge"
    assert refused(first, first + 2) == "cannot_merge"
    assert person_of_number("pin", AN) == first


def test_merge_is_looked_at_again_when_it_is_approved(first: int) -> None:
    one = prepare_merge(actor=LAN, reason=REASON, clock=JULY, alias=first, survivor=first + 1)
    other = prepare_merge(actor=LAN, reason=REASON, clock=JULY, alias=first + 1, survivor=first)
    approve(one.request)
    with pytest.raises(Refusal) as refusal:
        approve_and_follow(other.request)
    assert refusal.value.code == "cannot_merge"
    assert number("SELECT count(*) FROM people_alias") == 1
    assert row("SELECT outcome FROM audit_act WHERE outcome <> 'done'") == ("cannot_merge",)


def test_a_merged_record_is_no_longer_decided_about(first: int) -> None:
    merge(first, first + 1)
    with pytest.raises(Refusal) as refusal:
        correct(first, "address", "01/00004", "79")
    assert refusal.value.code == "wrong_state"


def test_person_as_known_says_whose_record_it_was_then(first: int) -> None:
    merge(first, first + 1, later(1))
    merge(first + 1, first + 2, later(2))
    unmerge(first, later(3))
    known = [person_as_known(first, later(n).now()) for n in range(4)]
    assert [one.merged_into if one else 0 for one in known] == [None, first + 1, first + 2, None]


def test_checks_find_an_alias_of_an_alias_and_two_numbers_of_one_human(first: int) -> None:
    merge(first, first + 1)
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (%s, %s)", [first + 1, first + 2])
    for person, pin in ((first, AN), (first + 2, BINH), (first + 1, "001080000009")):
        execute("INSERT INTO people_identifier VALUES (%s, 'pin', %s, '2025-01-01')", [pin, person])
    broken = {result.name: list(result.offending) for result in people_checks.checks() if not result.ok}
    assert broken["people.aliases_resolve_in_one_step"] == [str(first)]
    assert broken["people.one_number_per_human"] == [str(first + 1), str(first + 2)]
