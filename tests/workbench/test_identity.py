"""Doubtful identities and decisions for a second officer at the workbench: seen side by side, told with a reason, never by one officer twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from ansinh.database.sql import execute, number, rows
from ansinh.people.queries import candidates_of, open_candidates
from ansinh.workbench.pages.identity.comparing import marked
from tests.people.identity_cast import AN, BINH, LAN, correct, decide, holder_of, in_register, load, verdict_of
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
WEIGHTS = [
    ("prior", "chance", -15.4),
    ("name", "one letter", 9.2),
    ("claim", "nobody yet", 3.3),
    ("number", "other number", -8.5),
]


@pytest.fixture
def doubtful(tmp_path: Path) -> int:
    """Two persons, the first offered AN and BINH with weights, the second AN."""
    first = load(tmp_path, {}, {})
    in_register(AN, full_name="Nguyễn Văn Ân", birth_month=6)
    offered = [{"register_pin": pin, "score": 0.5, "detail": '{"posterior": 0.9}'} for pin in (AN, BINH)]
    weights = ", ".join(
        f'{{"field": "{field}", "level": "{level}", "weight": {weight}}}' for field, level, weight in WEIGHTS
    )
    detail = f'{{"weights": [{weights}], "posterior": 0.91}}'
    decide({"person_id": first, "verdict": "candidate", "candidates": offered, "detail": detail})
    decide({"person_id": first + 1, "verdict": "candidate", "candidates": offered[:1]})
    return first


def _officer(*roles: str, number: str = "") -> Client:
    client = Client()
    signed_in(client, *roles, number=number)
    return client


def test_names_are_compared_by_syllable() -> None:
    ours, theirs = marked("Nguyễn Văn AN", "nguyễn An Bình")
    assert ours == (("Nguyễn", False), ("Văn", True), ("AN", False))
    assert theirs == (("nguyễn", False), ("An", False), ("Bình", True))


def test_the_list_names_nobody_and_each_row_opens(doubtful: int) -> None:
    client = _officer("identity_officer")
    text = client.get("/workbench/reviews").content.decode()
    assert re.findall(r"/workbench/reviews/(\d+)", text) == [str(doubtful), str(doubtful + 1)]
    assert "Nguyễn" not in text
    assert number("SELECT count(*) FROM audit_act WHERE act = 'people.show_record'") == 0
    key = {"since": open_candidates()[0].since.isoformat(), "after": str(doubtful)}
    after = client.get("/workbench/reviews", key).content.decode()
    assert re.findall(r"/workbench/reviews/(\d+)", after) == [str(doubtful + 1)]
    assert 'href="/workbench/reviews"' in client.get("/workbench/").content.decode()


def test_two_records_stand_side_by_side_and_the_reading_is_kept(doubtful: int) -> None:
    text = _officer("identity_officer").get(f"/workbench/reviews/{doubtful}").content.decode()
    assert '<mark class="differs">Ân</mark>' in text
    assert '<mark class="differs">06</mark>' in text
    assert "lệch một chữ" in text
    assert "−8,5" in text
    assert len(re.findall(r'<rect class="(?:favour|against)" x="[\d.]+" y="2" width="[\d.]+"', text)) == len(WEIGHTS)
    assert 'data-key="c"' in text
    kept = rows("SELECT facts ->> 'person', facts ->> 'purpose' FROM audit_act WHERE act = 'people.show_record'")
    assert kept == [(str(doubtful), "administration")]
    english = _officer("identity_officer").get(f"/workbench/en/reviews/{doubtful}?candidate=2").content.decode()
    assert "The register does not know this number any more" in english


def test_whoever_decides_gives_a_reason_and_goes_on_to_the_next(doubtful: int) -> None:
    client, address = _officer("identity_officer"), f"/workbench/reviews/{doubtful}"
    assert client.post(address, {"candidate": "1", "same": "1", "reason": " "}).status_code == 422
    assert client.post(address, {"candidate": "9", "same": "1", "reason": "đã gọi"}).status_code == 404
    assert verdict_of(doubtful)[0] == "candidate"
    refused = client.post(address, {"candidate": "1", "other": "1", "reason": "khác ngày sinh"})
    assert (refused.status_code, refused.headers["Location"]) == (303, f"{address}?done={doubtful}")
    assert [one.register_pin for one in candidates_of(doubtful)] == [BINH]
    same = client.post(address, {"candidate": "2", "same": "1", "reason": "đã gọi"})
    assert same.headers["Location"] == f"/workbench/reviews/{doubtful + 1}?done={doubtful}"
    assert holder_of(BINH) == doubtful
    last = client.post(f"/workbench/reviews/{doubtful + 1}", {"candidate": "1", "other": "1", "reason": "khác"})
    assert last.headers["Location"] == f"/workbench/reviews?done={doubtful + 1}"
    assert "Không còn hồ sơ nghi vấn" in client.get("/workbench/reviews").content.decode()
    assert client.get(address).status_code == 200


def test_a_record_that_waits_for_another_officer_cannot_be_told_again(doubtful: int) -> None:
    execute("UPDATE people_verdict SET verdict = 'candidate'")
    client, address = _officer("identity_officer"), f"/workbench/reviews/{doubtful}"
    correct(doubtful, "sex", "M", "F")
    text = client.get(address).content.decode()
    assert "chờ cán bộ khác duyệt" in text
    assert 'name="reason"' not in text


def test_a_second_officer_sees_what_was_prepared_and_the_first_is_refused(doubtful: int) -> None:
    asked = correct(doubtful, "sex", "M", "F").request
    address = f"/workbench/decisions/{asked}"
    own = _officer("identity_officer", "identity_approver", number=LAN.reference)
    assert own.post(address, {"approve": "1", "reason": "đủ"}).status_code == 403
    approver = _officer("identity_approver")
    listed = approver.get("/workbench/decisions").content.decode()
    assert address in listed
    assert LAN.reference in listed
    text = approver.get(address).content.decode()
    assert "giấy khai sinh 12/2024" in text
    assert "Nữ" in text
    assert approver.post(address, {"approve": "1", "reason": ""}).status_code == 422
    answer = approver.post(address, {"approve": "1", "reason": "đủ giấy tờ"})
    assert answer.headers["Location"] == f"/workbench/decisions?approved={asked}"
    assert rows("SELECT sex FROM people_person WHERE person_id = %s", [doubtful]) == [("F",)]
    assert "không còn chờ duyệt" in approver.get(address).content.decode()
    assert approver.get("/workbench/decisions/999999").status_code == 404


def test_a_request_is_refused_with_a_reason(doubtful: int) -> None:
    asked = correct(doubtful, "sex", "M", "F").request
    answer = _officer("identity_approver").post(f"/workbench/en/decisions/{asked}", {"refuse": "1", "reason": "no"})
    assert answer.headers["Location"] == f"/workbench/en/decisions?refused={asked}"
    assert rows("SELECT state FROM people_request") == [("refused",)]


@pytest.mark.parametrize("address", ["reviews", "reviews/1", "decisions", "decisions/1"])
def test_other_officers_learn_what_the_pages_are_for(address: str) -> None:
    assert _officer("payment_officer").get(f"/workbench/{address}").status_code == 403
