"""Cards follow from participation, and the standing table from both."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansinh.cards import checks
from ansinh.cards.operations import issue_cards, project_standing, project_standing_of, standings_together
from ansinh.cards.queries import count_cards, differing_standings, ranges
from ansinh.database.sql import execute, row, rows
from ansinh.participation.operations import load_participation
from ansinh.people.operations import load_insured
from ansinh.places.operations import load_reference
from tests.support.agency_files import si_code, write_insured, write_participation
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 31)


@pytest.fixture(autouse=True)
def _reference() -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)


def load(tmp_path: Path, records: list[dict[str, Any]], coverages: list[dict[str, Any]]) -> int:
    insured = write_insured(tmp_path, records)
    before = load_insured(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="one", file=insured)
    folder = write_participation(tmp_path, coverages)
    load_participation(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="one", folder=folder, persons_before=before)
    return before


def issue(before: int, count: int) -> int:
    return issue_cards(
        actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, from_person=before + 1, until_person=before + count + 1
    )


def project(before: int, count: int) -> int:
    return project_standing(
        actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, from_person=before + 1, until_person=before + count + 1
    )


def test_issue_cards_builds_the_number_and_issues_once(tmp_path: Path) -> None:
    before = load(tmp_path, [{}, {}], [{"record_no": 1}, {"record_no": 2, "object_code": "HT", "card_province": "79"}])
    assert issue(before, 2) == 2
    assert issue(before, 2) == 0
    found = rows("SELECT card_number FROM cards_card ORDER BY person_id")
    assert found == [(f"DN401{si_code(1)}",), (f"HT379{si_code(2)}",)]
    assert rows("SELECT value FROM people_identifier WHERE scheme = 'card' ORDER BY person_id") == found


def test_issue_cards_for_two_stretches_under_one_code_issues_one(tmp_path: Path) -> None:
    earlier = {"record_no": 1, "valid_from": date(2024, 1, 1), "valid_until": date(2025, 1, 1)}
    before = load(tmp_path, [{}], [earlier, {"record_no": 1}])
    assert issue(before, 1) == 1
    assert row("SELECT issued_on FROM cards_card") == (date(2024, 1, 1),)


def test_issue_cards_leaves_armed_forces_and_unknown_codes_alone(tmp_path: Path) -> None:
    before = load(
        tmp_path,
        [{"excluded": "army"}, {}],
        [{"record_no": 1, "object_code": "QN"}, {"record_no": 2, "object_code": "ZZ"}],
    )
    assert issue(before, 2) == 0
    assert project(before, 2) == 1
    assert rows("SELECT person_id, status, card_number FROM cards_standing") == [(before + 1, "managed_army", None)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(2024, 2025), (2025, 2026)], 2025),
        ([(2023, 2024), (2024, 2025)], 2024),
        ([(2026, 2027), (2027, 2028)], 2026),
        ([(2023, 2024), (2026, 2027)], 2023),
    ],
)
def test_project_standing_shows_what_is_in_force_else_the_newest_past_else_the_next(
    tmp_path: Path, spans: list[tuple[int, int]], expected: int
) -> None:
    coverages = [{"record_no": 1, "valid_from": date(a, 1, 1), "valid_until": date(b, 1, 1)} for a, b in spans]
    before = load(tmp_path, [{}], coverages)
    issue(before, 1)
    assert project(before, 1) == 1
    assert row("SELECT valid_from FROM cards_standing") == (date(expected, 1, 1),)


def test_project_standing_follows_changes_and_nothing_else(tmp_path: Path) -> None:
    before = load(tmp_path, [{}, {}], [{"record_no": 1}, {"record_no": 2}])
    issue(before, 2)
    assert project(before, 2) == 2
    assert project(before, 2) == 0
    execute("UPDATE people_person SET full_name = 'Nguyễn Văn Ân' WHERE person_id = %s", [before + 1])
    execute("UPDATE participation_coverage SET superseded_at = now() WHERE person_id = %s", [before + 2])
    assert sorted(differing_standings(TODAY, before + 1, before + 3)) == [before + 1, before + 2]
    assert not all(result.ok for result in checks.checks(TODAY))
    assert project(before, 2) == 2
    assert rows("SELECT person_id, full_name FROM cards_standing") == [(before + 1, "Nguyễn Văn Ân")]
    assert differing_standings(TODAY, before + 1, before + 3) == []
    assert all(result.ok for result in checks.checks(TODAY))


def test_project_standing_of_some_persons_follows_them_and_leaves_the_others(tmp_path: Path) -> None:
    before = load(tmp_path, [{}, {}, {}, {}], [{"record_no": number} for number in (1, 2, 3)])
    issue(before, 4)
    assert project(before, 4) == 3
    execute("UPDATE people_person SET full_name = 'Nguyễn Văn Ân'")
    execute("UPDATE participation_coverage SET superseded_at = now() WHERE person_id = %s", [before + 2])
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into, merged_at) VALUES (%(alias)s, %(root)s, %(root)s, now())",
        {"alias": before + 3, "root": before + 4},
    )
    persons = [before + 2, before + 3]
    # The merged record's standing goes, its survivor's comes, the second's goes; the first is not named and stays.
    assert project_standing_of(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, persons=persons) == 3
    assert differing_standings(TODAY, before + 1, before + 5) == [before + 1]
    assert rows("SELECT person_id FROM cards_standing ORDER BY 1") == [(before + 1,), (before + 4,)]
    assert project_standing_of(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, persons=persons) == 0


def fail_after_projecting(person: int) -> None:
    with standings_together():
        project_standing_of(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, persons=[person])
        raise LookupError


def test_standings_together_come_at_the_end_of_the_block(tmp_path: Path) -> None:
    before = load(tmp_path, [{}, {}], [{"record_no": number} for number in (1, 2)])
    issue(before, 2)
    with standings_together():
        for person in (before + 1, before + 2):
            with standings_together():
                project_standing_of(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, persons=[person])
        assert rows("SELECT person_id FROM cards_standing") == []
    assert rows("SELECT person_id FROM cards_standing ORDER BY 1") == [(before + 1,), (before + 2,)]
    assert differing_standings(TODAY, before + 1, before + 3) == []
    # What fails brings up nobody, and the next one is brought up at once.
    execute("UPDATE people_person SET full_name = 'Nguyễn Văn Ân' WHERE person_id = %s", [before + 1])
    with pytest.raises(LookupError):
        fail_after_projecting(before + 1)
    assert differing_standings(TODAY, before + 1, before + 3) == [before + 1]
    assert project_standing_of(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, persons=[before + 1]) == 1


def test_checks_name_a_card_that_names_nobody(tmp_path: Path) -> None:
    before = load(tmp_path, [{}], [{"record_no": 1}])
    issue(before, 1)
    execute("UPDATE people_identifier SET valid_until = valid_from, ended_because = 'replaced' WHERE scheme = 'card'")
    offending = {result.name: list(result.offending) for result in checks.checks(TODAY)}
    assert offending["cards.every_card_names_its_person"] == [str(before + 1)]


def test_ranges_cover_everybody_once() -> None:
    assert ranges(1, 1) == []
    covered = [person for start, end in ranges(7, 120_007) for person in range(start, end)]
    assert covered == list(range(7, 120_007))
    assert count_cards() == 0
