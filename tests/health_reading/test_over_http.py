"""Health books and referral papers over real HTTP: apps, facilities, emergencies, papers used once, and what hostile or hasty callers hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import BOOK_READ, HEALTH_OWN, HEALTH_READ, SANDBOX, STANDING_READ
from tests.audit.standing import pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_eid.agreement import require_pulled
from tests.gateway_native.agreement import CONTRACTS, Agreement
from tests.health_reading.books import ELSEWHERE, HERE, MORNING, add_whole_book, check_in, hide, looks
from tests.support.database import OwnDatabase

AGREEMENT = Agreement(CONTRACTS / "gateway" / "health.yaml", {})
# Patients of these tests: at home, checked in, in an emergency, with papers.
AT_HOME, PRESENT, UNCONSCIOUS, REFERRED, STRANGER = 301, 302, 303, 304, 305
# The gateway has the nation's day with the real time of day; who arrived at noon of the eve is here at every hour of it.
EVE = MORNING - timedelta(hours=20, minutes=30)


@pytest.fixture(scope="module")
def gateway(books: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with psycopg.connect(books.urls.owner) as owner:
        for person in (AT_HOME, PRESENT, UNCONSCIOUS, REFERRED):
            add_whole_book(owner, person, own=person == PRESENT)
        check_in(owner, PRESENT, EVE)
    with running_gateway(books, tmp_path_factory.mktemp("gateway"), workers=1) as running:
        yield running


def app_token(gateway: RunningGateway, *more: str) -> str:
    return gateway.token("", 40, scopes=frozenset([HEALTH_OWN, *more]))


def doctor_token(gateway: RunningGateway, *more: str, facility: str = HERE) -> str:
    return gateway.token(facility, scopes=frozenset([HEALTH_READ, *more]))


def call(gateway: RunningGateway, path: str, body: Any, token: str, language: str = "vi") -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}", "accept-language": language}
    answer = httpx.post(f"{gateway.base}{path}", content=content, headers=headers, trust_env=False, timeout=20)
    if path.startswith("/v1/eid/"):
        require_pulled(answer, path)
        return answer
    operation = AGREEMENT.document["paths"][path]["post"]
    if answer.status_code == 200:
        AGREEMENT.require(answer, path)
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        schema = AGREEMENT.resolved(operation["responses"]["default"])["content"]["application/problem+json"]["schema"]
        assert not AGREEMENT.troubles(answer.json(), schema)
    return answer


def own(person: int, **more: str) -> dict[str, str]:
    return {"key": pin_of(person), "purpose": "own_record", "on_behalf_of": pin_of(person), **more}


def here(person: int, **more: str) -> dict[str, str]:
    return {"key": pin_of(person), "purpose": "treatment", "officer": "BS-17", **more}


def referral(person: int, **more: str) -> dict[str, str]:
    return {"key": pin_of(person), "officer": "BS-17", **more}


def test_a_citizen_reads_every_part_of_the_own_book(gateway: RunningGateway, books: OwnDatabase) -> None:
    token = app_token(gateway)
    book = call(gateway, "/v1/eid/health", own(AT_HOME), token).json()
    assert (len(book["book"]["visits"]), book["book"]["withheld"], book["grounds"]) == (6, 0, ["own"])
    assert book["book"]["allergies"] == {"asked": False, "none_known": False, "known": []}
    visit = book["book"]["visits"][-1]["visit"]
    whole = call(gateway, "/v1/eid/visit", own(AT_HOME, visit=visit), token).json()["visit"]
    assert (whole["medicines"][0]["dose"], whole["results"][0]["value"], whole["doctor"]) == ("2 viên", "5.2", "BS-001")
    papers = call(gateway, "/v1/eid/papers", own(AT_HOME), token).json()["papers"]
    assert [(one["kind"], one["content"]) for one in papers] == [("discharge", None)]
    paper = call(gateway, "/v1/eid/papers", own(AT_HOME, paper=papers[0]["paper"]), token).json()["papers"]
    assert paper[0]["content"] == {"CHAN_DOAN": "viêm"}
    assert call(gateway, "/v1/eid/referrals", own(AT_HOME), token).json()["referrals"][0]["standing"] == "issued"
    assert call(gateway, "/v1/eid/appointments", own(AT_HOME), token).json()["appointments"][0]["standing"] == "booked"
    with psycopg.connect(books.urls.owner) as owner:
        seen = looks(owner, AT_HOME)
    assert {one[0] for one in seen} == {6, 8, 9, 10, 11}
    assert {one[3:] for one in seen} == {("", f"person {AT_HOME}")}


def test_a_citizen_reads_nobody_elses(gateway: RunningGateway) -> None:
    for path in ("health", "referrals", "appointments", "papers"):
        refused = call(gateway, f"/v1/eid/{path}", own(AT_HOME) | {"key": pin_of(PRESENT)}, app_token(gateway))
        assert (refused.status_code, refused.json()["code"]) == (403, "not_own_record")
    refused = call(gateway, "/v1/eid/visit", own(AT_HOME, visit=str(PRESENT * 100)), app_token(gateway))
    assert (refused.status_code, refused.json()["visit"]) == (200, None)


def test_a_doctor_reads_who_is_checked_in_and_no_one_else(gateway: RunningGateway, books: OwnDatabase) -> None:
    token = doctor_token(gateway)
    told = call(gateway, "/v1/health/summary", here(PRESENT), token).json()
    assert told["grounds"] == ["checked_in", "treated_here"]
    assert told["book"]["withheld"] == 3
    assert call(gateway, "/v1/health/visit", here(PRESENT, visit=str(PRESENT * 100 + 1)), token).json()["visit"] is None
    refused = call(gateway, "/v1/health/summary", here(AT_HOME), token)
    assert (refused.status_code, refused.json()["code"]) == (403, "no_ground")
    assert "XML0" in refused.json()["detail"]
    elsewhere = call(gateway, "/v1/health/summary", here(PRESENT), doctor_token(gateway, facility=ELSEWHERE)).json()
    assert elsewhere["grounds"] == ["treated_here"]
    stranger = call(gateway, "/v1/health/summary", here(PRESENT, officer="nobody"), token)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "officer_not_listed")
    with psycopg.connect(books.urls.owner) as owner:
        assert (6, 1, 7, HERE, "BS-17") in looks(owner, AT_HOME)


def test_an_emergency_opens_everything_and_the_patient_is_told_at_once(
    gateway: RunningGateway, books: OwnDatabase
) -> None:
    token = doctor_token(gateway)
    with psycopg.connect(books.urls.owner) as owner:
        hide(owner, UNCONSCIOUS, "hiv", "book")
    body = {"key": pin_of(UNCONSCIOUS), "officer": "BS-17", "reason": "hôn mê, cần biết tiền sử dị ứng"}
    assert call(gateway, "/v1/health/summary", here(UNCONSCIOUS), token).status_code == 403
    first = call(gateway, "/v1/health:break-glass", body, token).json()
    again = call(gateway, "/v1/health:break-glass", body, token).json()
    assert first["open_until"] == again["open_until"]
    assert call(gateway, "/v1/health/summary", here(UNCONSCIOUS), token).json()["book"]["withheld"] == 0
    assert call(gateway, "/v1/health/summary", here(UNCONSCIOUS, officer="BS-18"), token).status_code == 403
    with psycopg.connect(books.urls.owner) as owner:
        told = owner.execute(
            "SELECT template, parameters->>'facility' FROM notices_message WHERE person_id = %s", [UNCONSCIOUS]
        ).fetchall()
        glasses = owner.execute(
            "SELECT officer, reason, judged_at FROM disclosure_glass WHERE person_id = %s", [UNCONSCIOUS]
        ).fetchall()
        seen = looks(owner, UNCONSCIOUS)
    assert told == [("health_book_opened", "Bệnh viện Đa khoa Mẫu")]
    assert glasses == [("BS-17", body["reason"], None)]
    assert [one[:3] for one in seen] == [(6, 1, 7), (12, 7, 1), (12, 7, 1), (6, 7, 1), (6, 1, 7)]


def test_a_referral_is_checked_used_once_and_refused_the_second_time(
    gateway: RunningGateway, books: OwnDatabase
) -> None:
    token = doctor_token(gateway)
    paper = f"{ELSEWHERE}/REFERRALS"
    checked = call(gateway, "/v1/referrals:check", referral(REFERRED, paper=paper), token).json()
    assert (checked["verdict"], checked["paper"]["category"], checked["used"]) == ("usable", "1.3", None)
    assert call(gateway, "/v1/referrals:check", referral(REFERRED), token).json()["paper"]["number"] == "REFERRALS"
    code = f"ANSINH|GCT|{ELSEWHERE}|REFERRALS"
    for _ in range(2):
        used = call(gateway, "/v1/referrals:use", referral(REFERRED, paper=code, visit="LK-1"), token).json()
        assert (used["verdict"], used["used"]["episode"]) == ("usable", "LK-1")
    for language, words in (("vi", "tại cơ sở 01001 (Bệnh viện Đa khoa Mẫu)"), ("en", "at facility 01001")):
        refused = call(gateway, "/v1/referrals:use", referral(REFERRED, paper=paper, visit="LK-2"), token, language)
        assert (refused.status_code, refused.json()["code"]) == (409, "paper_used")
        assert words in refused.json()["detail"]
        assert "03/06/2025" in refused.json()["detail"] or "2025-06-03" in refused.json()["detail"]
    assert call(gateway, "/v1/referrals:check", referral(REFERRED, paper=paper), token).json()["verdict"] == "used"
    unknown = call(gateway, "/v1/referrals:use", referral(REFERRED, paper="01097/none", visit="LK-3"), token)
    assert (unknown.status_code, unknown.json()["code"]) == (409, "paper_unknown")
    with psycopg.connect(books.urls.owner) as owner:
        uses = owner.execute("SELECT facility, episode FROM referrals_use WHERE person_id = %s", [REFERRED]).fetchall()
        state = owner.execute("SELECT state FROM referrals_referral WHERE person_id = %s", [REFERRED]).fetchone()
        assert [one[0] for one in looks(owner, REFERRED)] == [13, 13, 14, 14, 14, 14, 13, 14]
    assert (uses, state) == ([(HERE, "LK-1")], ("used",))


def test_a_paper_used_by_many_at_once_is_used_once(gateway: RunningGateway, books: OwnDatabase) -> None:
    with psycopg.connect(books.urls.owner) as owner:
        for person in (311, 312):
            add_whole_book(owner, person, own=False)
    tokens = [doctor_token(gateway), doctor_token(gateway, facility=ELSEWHERE)]

    def use(turn: int) -> int:
        body = referral(311 + turn % 2, paper=f"{ELSEWHERE}/REFERRALS", visit=f"LK-{turn // 2}")
        return call(gateway, "/v1/referrals:use", body, tokens[turn // 2 % 2]).status_code

    with ThreadPoolExecutor(8) as callers:
        statuses = list(callers.map(use, range(32)))
    assert (statuses.count(200), statuses.count(409)) == (2, 30)
    with psycopg.connect(books.urls.owner) as owner:
        uses = owner.execute(
            "SELECT person_id, count(*) FROM referrals_use WHERE person_id IN (311, 312) GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert uses == [(311, 1), (312, 1)]


@pytest.mark.parametrize(
    ("path", "change", "status", "code"),
    [
        ("/v1/health/summary", {"officer": ""}, 422, "invalid_officer"),
        ("/v1/health/summary", {"officer": "a\u202eb"}, 422, "invalid_officer"),
        ("/v1/health/summary", {"purpose": "own_record"}, 422, "unknown_purpose"),
        ("/v1/health/summary", {"purpose": "emergency"}, 422, "unknown_purpose"),
        ("/v1/health/summary", {"on_behalf_of": pin_of(1)}, 400, "malformed_body"),
        ("/v1/health/summary", {"visit": "1"}, 422, "invalid_visit"),
        ("/v1/health/visit", {}, 422, "invalid_visit"),
        ("/v1/health/visit", {"visit": "1; DROP"}, 422, "invalid_visit"),
        ("/v1/health/visit", {"visit": "9" * 19}, 422, "invalid_visit"),
        ("/v1/health/visit", {"visit": "١"}, 422, "invalid_visit"),
        ("/v1/health/papers", {"paper": "-1"}, 422, "invalid_paper"),
        ("/v1/health/summary", {"key": "%"}, 422, "invalid_input"),
        ("/v1/health/summary", {"key": None}, 400, "malformed_body"),
        ("/v1/health/summary", {"extra": "x"}, 400, "malformed_body"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    gateway: RunningGateway, path: str, change: dict[str, Any], status: int, code: str
) -> None:
    answer = call(gateway, path, here(PRESENT) | change, doctor_token(gateway))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/health:break-glass", {"reason": "ngắn"}, "invalid_reason"),
        ("/v1/health:break-glass", {"reason": "x" * 301}, "invalid_reason"),
        ("/v1/health:break-glass", {"reason": "dòng một\ndòng hai dài"}, "invalid_reason"),
        ("/v1/referrals:use", {}, "invalid_visit"),
        ("/v1/referrals:use", {"visit": " "}, "invalid_visit"),
        ("/v1/referrals:use", {"visit": "x" * 101}, "invalid_visit"),
        ("/v1/referrals:check", {"visit": "LK-1"}, "invalid_visit"),
        ("/v1/referrals:check", {"paper": "GCT-1"}, "invalid_paper"),
        ("/v1/referrals:check", {"paper": "010/97/GCT"}, "invalid_paper"),
        ("/v1/referrals:check", {"paper": "ANSINH|GCT|01097|"}, "invalid_paper"),
        ("/v1/referrals:check", {"paper": "01097/" + "9" * 100}, "invalid_paper"),
    ],
)
def test_what_cannot_be_done_is_refused(gateway: RunningGateway, path: str, body: dict[str, str], code: str) -> None:
    answer = call(gateway, path, referral(PRESENT) | body, doctor_token(gateway))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_bodies_that_say_a_field_twice_or_are_none_are_refused(gateway: RunningGateway) -> None:
    whole = json.dumps(here(PRESENT))
    twice = whole[:-1] + f', "key": "{pin_of(AT_HOME)}"}}'
    escaped = whole[:-1] + f', "k\\u0065y": "{pin_of(AT_HOME)}"}}'
    for body in (twice, escaped, "[]", "null", "{", "[" * 900):
        assert call(gateway, "/v1/health/summary", body.encode(), doctor_token(gateway)).status_code == 400, body
    assert call(gateway, "/v1/health/summary", whole.encode() + b" " * 3_000, doctor_token(gateway)).status_code == 413


def test_tokens_open_only_what_they_are_for(gateway: RunningGateway) -> None:
    for path, scope in (
        ("/v1/health/summary", STANDING_READ),
        ("/v1/referrals:use", STANDING_READ),
        ("/v1/health/summary", BOOK_READ),
    ):
        token = gateway.token("" if scope == BOOK_READ else HERE, scopes=frozenset([scope]))
        body = own(AT_HOME) if scope == BOOK_READ else here(PRESENT)
        assert call(gateway, path, body, token).json()["code"] == "scope_missing"
    assert (
        call(gateway, "/v1/referrals:use", referral(PRESENT, visit="LK-1"), app_token(gateway)).json()["code"]
        == "scope_missing"
    )
    assert call(gateway, "/v1/health:break-glass", referral(PRESENT), app_token(gateway)).status_code == 403


def test_sandbox_rehearses_and_reads_nobody(gateway: RunningGateway, books: OwnDatabase) -> None:
    token, number = doctor_token(gateway, SANDBOX), "001180000000"
    with psycopg.connect(books.urls.owner) as owner:
        before = looks(owner, 0)
    for path, more in (
        ("summary", {}),
        ("visit", {"visit": "1"}),
        ("referrals", {}),
        ("appointments", {}),
        ("papers", {}),
    ):
        told = call(gateway, f"/v1/health/{path}", here(1) | {"key": number} | more, token).json()
        assert (told["audit_id"], told["found"]) == ("0", True)
    assert call(gateway, "/v1/health/summary", here(1) | {"key": "001180000777"}, token).status_code == 403
    assert call(gateway, "/v1/health/summary", here(1) | {"key": "001180000101"}, token).status_code == 503
    assert (
        call(gateway, "/v1/referrals:check", referral(1) | {"key": "001180000777"}, token).json()["verdict"] == "used"
    )
    with psycopg.connect(books.urls.owner) as owner:
        assert looks(owner, 0) == before


def test_many_at_once_each_hear_of_themselves(gateway: RunningGateway, books: OwnDatabase) -> None:
    people = list(range(321, 331))
    with psycopg.connect(books.urls.owner) as owner:
        for person in people:
            add_whole_book(owner, person, own=False)
            check_in(owner, person, EVE)
    token = doctor_token(gateway)
    asked = [people[n % len(people)] for n in range(100)]
    with ThreadPoolExecutor(8) as callers:
        told = list(callers.map(lambda person: call(gateway, "/v1/health/summary", here(person), token), asked))
    assert [one.text for one in told if one.status_code != 200] == []
    answers = [one.json() for one in told]
    assert [one["asked"]["key"] for one in answers] == [pin_of(person) for person in asked]
    for person, one in zip(asked, answers, strict=True):
        assert {line["visit"][:3] for line in one["book"]["visits"]} == {str(person)}
    assert len({one["audit_id"] for one in answers}) == 100


def test_examples_of_the_agreement_are_answered(gateway: RunningGateway) -> None:
    asked = 0
    for path, item in AGREEMENT.document["paths"].items():
        spoken = item["post"]["requestBody"]["content"]["application/json"]
        for example in spoken["examples"].values():
            assert call(gateway, path, example["value"], doctor_token(gateway, SANDBOX)).status_code == 200
            assert not AGREEMENT.troubles(example["value"], spoken["schema"])
            asked += 1
    assert asked == 10


def test_nothing_asked_stands_in_the_log_or_the_counters(gateway: RunningGateway) -> None:
    call(gateway, "/v1/health/summary", here(STRANGER), doctor_token(gateway))
    call(gateway, "/v1/referrals:use", referral(STRANGER, visit="LK-SECRET"), doctor_token(gateway))
    words = gateway.log.read_text() + httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    for secret in (pin_of(STRANGER), "LK-SECRET", "BS-17"):
        assert secret not in words
    assert 'call="health_summary"' in words
