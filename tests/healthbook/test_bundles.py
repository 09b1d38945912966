"""A visit sent as a FHIR bundle is a page like any other: judged by the same rules, versioned, withdrawn; what our face tells comes back as it was."""

from __future__ import annotations

import json
import re
from typing import Any

from ansinh.gateway.submissions.kinds import BUNDLE, WITHDRAWAL
from tests.healthbook.bundles import as_bundle, bundle, told_by_face, written
from tests.healthbook.inbox import SOUND, Inbox, with_episode


def test_bundle_is_a_page_of_the_book(inbox: Inbox) -> None:
    receipt = inbox.submit(written(bundle("fhir.1")), BUNDLE)
    assert inbox.work() == {"accepted": 1}, inbox.errors(receipt)
    ((visit_id, left, main, words, person),) = inbox.rows(
        "SELECT visit_id, discharged_at - admitted_at = interval '2.5 hours', main_diagnosis, diagnosis_text, person_id "
        "FROM healthbook_visit WHERE receipt = %s",
        receipt,
    )
    assert (left, main, words, person) == (True, "I10", "Tăng huyết áp", 1)
    assert inbox.rows(
        "SELECT name, dose, quantity::text, unit FROM healthbook_medicine WHERE visit_id = %s", visit_id
    ) == [("Amlodipin 5mg", "1 viên", "1.500", "Viên")]
    assert inbox.rows("SELECT index_name, value, unit FROM healthbook_result WHERE visit_id = %s", visit_id) == [
        ("Glucose", "7.2", "mmol/L")
    ]
    assert inbox.errors(receipt) == []


def test_what_the_face_tells_comes_back_as_it_was(inbox: Inbox) -> None:
    first = inbox.submit(with_episode(SOUND, "fhir.rt.1"))
    inbox.work()
    told = told_by_face(inbox, first)
    assert {"Patient", "Encounter", "Condition", "MedicationStatement", "Observation"} <= {
        one["resourceType"] for one in told
    }
    second = inbox.submit(as_bundle(told, "fhir.rt.2"), BUNDLE)
    inbox.work()
    assert inbox.state(second) == "accepted", inbox.errors(second)
    assert _plain(told_by_face(inbox, second)) == _plain(told)


def _plain(resources: list[dict[str, Any]]) -> list[Any]:
    """Leave out what a second copy of a visit has of its own: its number, ids, and when it was recorded."""
    text = json.dumps(resources, default=str, ensure_ascii=False)
    text = re.sub(r'"(reference|id|versionId|lastUpdated|recordedDate|url)": "[^"]*"', r'"\1": ""', text)
    told: list[Any] = json.loads(text.replace("fhir.rt.2", "fhir.rt.1"))
    return told


def test_same_bytes_are_one_page_and_others_a_further_version(inbox: Inbox) -> None:
    first = inbox.submit(written(bundle("fhir.v")), BUNDLE)
    assert inbox.submit(written(bundle("fhir.v")), BUNDLE) == first
    inbox.work()
    changed = bundle("fhir.v")
    changed["entry"][2]["resource"]["code"]["text"] = "Tăng huyết áp vô căn"
    inbox.submit(written(changed), BUNDLE)
    inbox.work()
    assert [(one[0], one[1], one[3]) for one in inbox.versions("fhir.v")] == [
        (1, False, "Tăng huyết áp"),
        (2, True, "Tăng huyết áp vô căn"),
    ]
    inbox.submit(json.dumps({"episode": "fhir.v", "reason": "nhầm"}).encode(), WITHDRAWAL)
    inbox.work()
    assert [one[1] for one in inbox.versions("fhir.v")] == [False, False]
