"""Bundles of strangers: what is wrong is told by its FHIR path, in both languages, exactly once; nothing a stranger sends breaks the reader."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansinh.foundation.bounded_json import BUNDLES
from ansinh.healthbook.formats.bundle_reading import read_bundle
from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.intake.encounters import encounter
from tests.healthbook.bundles import bundle, written
from tests.healthbook.inbox import FACILITY

Change = Callable[[dict[str, Any]], None]


def errors_of(raw: bytes) -> list[LineError]:
    """Judge a bundle as intake does."""
    read = read_bundle(raw)
    return read.origins.told(validate(read.package, Known(FACILITY, None, "20250630")))


def told(change: Change) -> list[tuple[str, str]]:
    """Return paths and codes of what is wrong with a sound bundle after a change."""
    one = bundle("x")
    change(one)
    return [(error.field, error.code) for error in errors_of(written(one))]


def resource(place: int, *path: str | int, value: Any) -> Change:
    """Return a change of one element of an entry's resource."""

    def change(one: dict[str, Any]) -> None:
        element = one["entry"][place]["resource"]
        for step in path[:-1]:
            element = element[step]
        element[path[-1]] = value

    return change


def without(place: int) -> Change:
    return lambda one: one["entry"].pop(place) and None


def twice(place: int) -> Change:
    return lambda one: one["entry"].append({"resource": one["entry"][place]["resource"] | {"id": "other"}})


OTHERS: tuple[Any, ...] = (None, 7, True, "", "x", [], {}, [None], [[]], {"reference": "Encounter/e"})
PATIENT, VISIT, CONDITION, MEDICINE, OBSERVATION = range(5)
AT = "Bundle.entry[{}].resource".format


def test_sound_bundle_has_no_errors() -> None:
    assert told(lambda one: None) == []


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (without(PATIENT), "Bundle.entry", "resource_missing"),
        (without(VISIT), "Bundle.entry", "resource_missing"),
        (twice(PATIENT), AT(5), "resource_twice"),
        (twice(VISIT), AT(5), "resource_twice"),
        (resource(VISIT, "status", value="entered-in-error"), f"{AT(1)}.status", "resource_not_valid"),
        (resource(OBSERVATION, "resourceType", value="Elephant"), AT(4), "resource_not_taken"),
        (resource(OBSERVATION, "resourceType", value="<b>"), f"{AT(4)}.resourceType", "json_type"),
        (resource(OBSERVATION, "resourceType", value=7), f"{AT(4)}.resourceType", "json_type"),
        (resource(OBSERVATION, "valueQuantity", "value", value="7.2"), f"{AT(4)}.valueQuantity.value", "json_type"),
        (resource(OBSERVATION, "valueQuantity", "value", value=True), f"{AT(4)}.valueQuantity.value", "json_type"),
        (resource(PATIENT, "birthDate", value=1961), f"{AT(0)}.birthDate", "json_type"),
        (resource(PATIENT, "birthDate", value="1961-02-30"), f"{AT(0)}.birthDate", "bad_date"),
        (resource(PATIENT, "gender", value="nam"), f"{AT(0)}.gender", "not_in_list"),
        (resource(PATIENT, "name", value={"text": "A"}), f"{AT(0)}.name", "json_type"),
        (resource(PATIENT, "name", value=[]), f"{AT(0)}.name.text", "required"),
        (resource(PATIENT, "name", 0, "text", value="A\u001fB"), f"{AT(0)}.name[0].text", "json_character"),
        (resource(PATIENT, "name", 0, "text", value="A\0"), f"{AT(0)}.name[0].text", "json_character"),
        (resource(PATIENT, "name", 0, "text", value="x" * 300), f"{AT(0)}.name[0].text", "too_long"),
        (resource(CONDITION, "code", "text", value="x" * 2_000_000), f"{AT(2)}.code.text", "too_long"),
        (resource(CONDITION, "code", "coding", 0, "code", value="I1O"), f"{AT(2)}.code.coding[0].code", "unknown_diagnosis"),
        (resource(CONDITION, "encounter", value={"reference": "Encounter/9"}), f"{AT(2)}.encounter.reference", "unknown_reference"),
        (resource(CONDITION, "subject", value={"reference": "Encounter/e"}), f"{AT(2)}.subject.reference", "unknown_reference"),
        (resource(MEDICINE, "context", value={"reference": 7}), f"{AT(3)}.context.reference", "json_type"),
        (resource(MEDICINE, "context", value="Encounter/e"), f"{AT(3)}.context", "json_type"),
        (resource(MEDICINE, "dosage", "dose", "value", value=-1), f"{AT(3)}.dosage.dose.value", "negative"),
        (resource(VISIT, "period", "start", value="2025-06-02T08:00:00"), f"{AT(1)}.period.start", "bad_date"),
        (resource(VISIT, "period", "end", value="2025-06-01"), f"{AT(1)}.period.end", "too_early"),
        (resource(VISIT, "period", "end", value="2026-01-01"), f"{AT(1)}.period.end", "in_future"),
        (resource(VISIT, "type", 0, "coding", 0, "code", value="99"), f"{AT(1)}.type[0].coding[0].code", "not_in_list"),
        (resource(VISIT, "identifier", 0, "value", value=""), f"{AT(1)}.identifier.value", "required"),
        (resource(PATIENT, "id", value=7), f"{AT(0)}.id", "json_type"),
        (lambda one: one["entry"].append({"resource": one["entry"][0]["resource"]}), f"{AT(5)}.id", "json_twice"),
        (lambda one: one["entry"].append({"request": {"method": "DELETE"}}), AT(5), "json_type"),
        (lambda one: one.update(type="history"), "Bundle", "not_a_bundle"),
        (lambda one: one.update(resourceType="Patient"), "Bundle", "not_a_bundle"),
        (lambda one: one.update(entry={}), "Bundle.entry", "json_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(change: Change, path: str, code: str) -> None:
    assert (path, code) in told(change)


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        (b"", "Bundle", "not_json"),
        (b"{", "Bundle", "not_json"),
        (b"\xff", "Bundle", "not_json"),
        (b'{"resourceType": "Bundle", "type": NaN}', "Bundle", "not_json"),
        (b"[" * 200_000, "Bundle", "json_too_deep"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "Bundle", "json_too_deep"),
        (b"[" + b"0," * (BUNDLES.parts_max + 1) + b"0]", "Bundle", "json_too_many_parts"),
        (b'"' + b"x" * (10 << 20) + b'"', "Bundle", "too_big"),
        (written(bundle("x")).replace(b'"gender": "male"', b'"gender": "male", "gender": "female"'), f"{AT(0)}.gender", "json_twice"),
        (written(bundle("x")).replace(b"7.2", b"7" * 5_000), f"{AT(4)}.valueQuantity.value", "out_of_range"),
        (written(bundle("x")).replace(b"7.2", b"1e999999999"), f"{AT(4)}.valueQuantity.value", "out_of_range"),
        (written(bundle("x")).replace(b"Glucose", b"\\ud800"), f"{AT(4)}.code.text", "json_character"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_hostile_bytes_are_told_and_never_built(raw: bytes, path: str, code: str) -> None:
    assert [(error.field, error.code) for error in errors_of(raw)] == [(path, code)]


def test_any_element_of_another_type_is_told_by_path_in_two_languages() -> None:
    sound = bundle("x")
    for path in _paths(sound):
        for value in OTHERS:
            one = copy.deepcopy(sound)
            element: Any = one
            for step in path[:-1]:
                element = element[step]
            element[path[-1]] = value
            errors = errors_of(written(one))
            if not any(error.rejects for error in errors):
                assert encounter(read_bundle(written(one)).package.episodes[0]) is not None, (path, value)
            for error in errors:
                assert error.field.startswith("Bundle"), (path, value, error)
                assert error.field in error.vi or error.field == "Bundle" or error.code.startswith("resource")
                assert "XML" not in error.en, error


def test_resources_that_lead_to_each_other_end() -> None:
    one = bundle("x")
    one["entry"][VISIT]["resource"] |= {"reference": "Patient/p"}
    one["entry"][PATIENT]["resource"] |= {"reference": "Encounter/e", "name": None}
    assert (f"{AT(0)}.name.text", "required") in [
        (error.field, error.code) for error in errors_of(json.dumps(one).encode())
    ]


def _paths(element: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children: Any = (
        element.items() if isinstance(element, dict) else enumerate(element) if isinstance(element, list) else ()
    )
    for step, child in children:
        yield (*path, step)
        yield from _paths(child, (*path, step))
