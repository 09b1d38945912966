"""Every resource told is valid, in JSON and in XML, keeps its digits and names nobody in its id."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B import get_fhir_model_class
from lxml import etree, html

from ansinh.gateway.fhir.capability import capability_statement
from ansinh.gateway.fhir.formats import JSON, XML, encoded, tidy
from ansinh.gateway.fhir.page import page
from ansinh.gateway.fhir.parameters import COMMON, PARAMETERS, TYPES
from ansinh.gateway.fhir.summary import summary
from tests.fhir.samples import BASE, empty_book, full_book, shelf, ten_patients
from tests.fhir.validating import require_ips, require_valid


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("book", [full_book(), empty_book()], ids=["full", "empty"])
def test_every_resource_is_valid_in_json_and_in_xml(kind: str, book: object) -> None:
    told = shelf(book).of(kind)  # type: ignore[arg-type]
    assert told or kind not in {"Patient", "AllergyIntolerance"}
    for one in told:
        require_valid(one)
        kept = json.loads(encoded(one, JSON), parse_float=Decimal)
        assert json.loads(encoded(kept, JSON)) == json.loads(encoded(one, JSON))
        root = etree.fromstring(encoded(one, XML))
        assert etree.QName(root).localname == kind
        model: Any = get_fhir_model_class(kind)
        assert model.model_validate_xml(encoded(one, XML)).id == one["id"]


def test_decimals_keep_their_digits() -> None:
    glucose = shelf(full_book()).of("Observation")[0]
    assert b'"value":7.20' in encoded(glucose, JSON)
    assert b'value="7.20"' in encoded(glucose, XML)


def test_ids_are_opaque_and_differ() -> None:
    told = [one for kind in TYPES for one in shelf(full_book(1)).of(kind)]
    others = [one for kind in TYPES for one in shelf(full_book(2)).of(kind)]
    ids = [one["id"] for one in told + others]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z2-7]{58}", one) for one in ids)


def test_allergies_are_known_or_none_known_or_not_asked() -> None:
    book = full_book()
    known = [one["code"]["text"] for one in shelf(book).of("AllergyIntolerance")]
    assert known == ["Penicillin", "Personal history of allergy to penicillin"]
    nobody = empty_book()
    (not_asked,) = shelf(nobody).of("AllergyIntolerance")
    assert not_asked["code"]["coding"][0]["code"] == "no-allergy-info"


def test_sensitive_rows_are_labelled() -> None:
    conditions = {one["code"]["coding"][0]["code"]: one for one in shelf(full_book()).of("Condition")}
    assert {one["code"] for one in conditions["F32.0"]["meta"]["security"]} == {"R", "mental"}
    assert "security" not in conditions["I10"]["meta"]


@pytest.mark.parametrize("number", range(10))
def test_a_summary_is_one_by_ips_and_reads_as_a_page(number: int) -> None:
    book = ten_patients()[number]
    document = summary(shelf(book), identifier="77")
    require_ips(document)
    etree.fromstring(encoded(document, XML))
    shown = html.fromstring(page(document))
    assert not shown.xpath("//script | //img | //a | //b | //*[@onclick]")
    assert shown.findtext(".//h1") == book.person.full_name.strip()
    titles = [one.text for one in shown.iter("h2")]
    assert titles[:3] == ["Vấn đề sức khỏe / Problems", "Dị ứng / Allergies", "Thuốc / Medicines"]


def test_what_is_withheld_is_said_and_not_told_as_nothing() -> None:
    document = summary(shelf(msgspec.structs.replace(empty_book(), restricted=True)), identifier="77")
    require_ips(document)
    composition = document["entry"][0]["resource"]
    assert composition["section"][0]["emptyReason"]["coding"][0]["code"] == "withheld"
    assert "not open to whoever asks" in page(document)


def test_the_capability_statement_states_each_search_parameter() -> None:
    stated = tidy(capability_statement(BASE))
    require_valid(stated)
    assert stated["fhirVersion"] == "4.0.1"
    told = {one["type"]: {each["name"] for each in one.get("searchParam", [])} for one in stated["rest"][0]["resource"]}
    for kind in TYPES:
        assert told[kind] == {one.name for one in (*COMMON, *PARAMETERS[kind])}
