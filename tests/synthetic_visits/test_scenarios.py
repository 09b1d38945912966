"""Every scenario gets exactly the error it was made for from who reads and judges files, and no other."""

from __future__ import annotations

import pytest

from ansinh.healthbook.formats.package import Known, Package
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.states import SubmissionKind
from ansinh_synthetic.visits import Kind, Sending
from ansinh_synthetic.visits.spoiling import ACCEPTED, REJECTED, Scenario, opened, scenarios


@pytest.fixture(scope="module")
def told(june: list[Sending]) -> dict[str, Scenario]:
    """Scenarios around the first outpatient visit with medicines and results."""
    sound = next(
        one
        for one in june
        if one.kind is Kind.ENCOUNTER and one.truth.care_kind == "01" and one.truth.medicines and one.truth.results
    )
    return {one.name: one for one in scenarios(sound.content)}


def test_names_are_used_once_and_those_sent_before_exist(told: dict[str, Scenario]) -> None:
    assert len(told) >= 30
    assert all(one.after in told for one in told.values() if one.after)


def test_sloppy_files_are_read_as_the_sound_one(told: dict[str, Scenario]) -> None:
    sound = read_package(told["sound"].content, SubmissionKind.ENCOUNTER_4750)
    for one in told.values():
        if one.expected.outcome == ACCEPTED:
            package = read_package(one.content, SubmissionKind.ENCOUNTER_4750)
            assert package.readable, (one.name, [problem.code for problem in package.problems])
            assert package.episodes == sound.episodes, one.name


def test_hostile_files_are_refused_by_their_code(told: dict[str, Scenario]) -> None:
    for one in told.values():
        if one.expected.outcome == REJECTED and not one.expected.table:
            package = read_package(one.content, SubmissionKind.ENCOUNTER_4750)
            codes = [problem.code for problem in package.problems if problem.rejects]
            assert codes == [one.expected.code], one.name


def test_wrong_files_get_exactly_the_error_they_were_made_for(told: dict[str, Scenario]) -> None:
    facility = opened(told["sound"].content)[0]
    for one in told.values():
        if one.expected.outcome == REJECTED and one.expected.table:
            package = read_package(one.content, SubmissionKind.ENCOUNTER_4750)
            errors = validate(package, Known(sender=facility, facilities=_everywhere(package, facility)))
            found = [(error.table, error.row, error.field, error.code) for error in errors if error.rejects]
            expected = (one.expected.table, one.expected.row, one.expected.field, one.expected.code)
            assert expected in found, (one.name, found)
            assert {table for table, *_ in found} == {one.expected.table}, (one.name, found)


def _everywhere(package: Package, sender: str) -> set[str]:
    """Return the houses the sound file names."""
    named = {
        row[field]
        for row in package.episodes[0].rows("XML1")
        for field in ("MA_DKBD", "MA_NOI_DI", "MA_NOI_DEN")
        if row.get(field)
    }
    return {sender, *named}


def test_opened_files_have_their_tables(told: dict[str, Scenario]) -> None:
    facility, _, tables = opened(told["sound"].content)
    assert len(facility) == 5
    assert {"XML1", "XML2", "XML3", "XML4"} <= set(tables)
