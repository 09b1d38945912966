"""Allergies written down by a facility, over real HTTP: known, none known, not asked; from where the patient is, and what hostile or hasty callers hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import HEALTH_OWN, HEALTH_READ, SANDBOX
from tests.audit.standing import pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import CONTRACTS, Agreement
from tests.health_reading.books import ELSEWHERE, HERE, MORNING, add_whole_book, check_in, looks
from tests.support.database import OwnDatabase

AGREEMENT = Agreement(CONTRACTS / "gateway" / "health.yaml", {})
PATH = "/v1/health/allergies"
ASKED, MISTAKEN, CROWDED, AWAY, BROKEN = 501, 502, 503, 504, 505
PEOPLE = (ASKED, MISTAKEN, CROWDED, AWAY, BROKEN)
# The gateway has the nation's day with the real time of day; who arrived at noon of the eve is here at every hour of it.
EVE = MORNING - timedelta(hours=20, minutes=30)


@pytest.fixture(scope="module")
def gateway(books: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with psycopg.connect(books.urls.owner) as owner:
        for person in PEOPLE:
            add_whole_book(owner, person)
        for person in (ASKED, MISTAKEN, CROWDED):
            check_in(owner, person, EVE)
    with running_gateway(books, tmp_path_factory.mktemp("gateway"), workers=1) as running:
        yield running


def call(
    gateway: RunningGateway, path: str, body: Any, *, facility: str = HERE, scope: str = HEALTH_READ
) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    token = gateway.token(facility, 40 if not facility else 7, scopes=frozenset([HEALTH_READ, scope]))
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    answer = httpx.post(f"{gateway.base}{path}", content=content, headers=headers, trust_env=False, timeout=60)
    if path == PATH and answer.status_code == 200:
        AGREEMENT.require(answer, path)
    return answer


def state(gateway: RunningGateway, person: int, statement: str, substance: str | None = None, **more: str) -> Any:
    said = {"substance": substance} if substance is not None else {}
    body = {"key": pin_of(person), "officer": "BS-17", "statement": statement, **said, **more}
    return call(gateway, PATH, body).json()


def told(gateway: RunningGateway, person: int) -> Any:
    """Return the allergies as the next doctor reads them."""
    question = {"key": pin_of(person), "purpose": "treatment", "officer": "BS-17"}
    return call(gateway, "/v1/health/summary", question).json()["book"]["allergies"]


def test_known_none_known_and_not_asked_are_three_answers(gateway: RunningGateway, books: OwnDatabase) -> None:
    assert told(gateway, ASKED) == {"asked": False, "none_known": False, "known": []}
    assert state(gateway, ASKED, "none_known")["outcome"] == "recorded"
    assert state(gateway, ASKED, "none_known")["outcome"] == "unchanged"
    assert told(gateway, ASKED) == {"asked": True, "none_known": True, "known": []}
    first = state(gateway, ASKED, "allergy", " Penicillin  G ")
    assert (first["outcome"], [one["substance"] for one in first["allergies"]["known"]]) == (
        "recorded",
        ["Penicillin G"],
    )
    assert state(gateway, ASKED, "allergy", "penicillin g")["outcome"] == "unchanged"
    assert state(gateway, ASKED, "allergy", "Penicillin G", code="40.155")["outcome"] == "recorded"
    assert state(gateway, ASKED, "allergy", "Tôm")["outcome"] == "recorded"
    assert told(gateway, ASKED) == {"asked": True, "none_known": False, "known": ["Tôm", "Penicillin G"]}
    # Who hears "none known" of somebody with known ones must look again.
    assert state(gateway, ASKED, "none_known")["outcome"] == "contradicts_known"
    assert state(gateway, ASKED, "refuted", "TÔM")["outcome"] == "recorded"
    assert state(gateway, ASKED, "refuted", "Tôm")["outcome"] == "unchanged"
    assert told(gateway, ASKED)["known"] == ["Penicillin G"]
    with psycopg.connect(books.urls.owner) as owner:
        rows = owner.execute(
            "SELECT statement, substance, code, officer, withdrawn_officer FROM healthbook_allergy WHERE person_id = %s ORDER BY allergy_id",
            [ASKED],
        ).fetchall()
        seen = looks(owner, ASKED)
    # Nothing is deleted: each version stays, with who took it back.
    assert rows == [
        ("none_known", None, None, "BS-17", "BS-17"),
        ("allergy", "Penicillin G", None, "BS-17", "BS-17"),
        ("allergy", "Penicillin G", "40.155", "BS-17", None),
        ("allergy", "Tôm", None, "BS-17", "BS-17"),
    ]
    assert sum(one[0] == 15 for one in seen) == 9


def test_what_was_written_by_mistake_counts_as_not_asked(gateway: RunningGateway) -> None:
    state(gateway, MISTAKEN, "allergy", "Latex")
    assert state(gateway, MISTAKEN, "not_asked")["allergies"] == {"asked": False, "none_known": False, "known": []}
    assert state(gateway, MISTAKEN, "not_asked")["outcome"] == "unchanged"
    assert state(gateway, MISTAKEN, "none_known")["outcome"] == "recorded"


def test_statements_at_once_are_written_once_each(gateway: RunningGateway, books: OwnDatabase) -> None:
    substances = ["Aspirin", "Iod", "Sữa", "aspirin"] * 4
    with ThreadPoolExecutor(8) as at_once:
        outcomes = [
            one["outcome"] for one in at_once.map(lambda one: state(gateway, CROWDED, "allergy", one), substances)
        ]
    assert sorted(outcomes) == ["recorded"] * 3 + ["unchanged"] * 13
    with psycopg.connect(books.urls.owner) as owner:
        count = owner.execute("SELECT count(*) FROM healthbook_allergy WHERE person_id = %s", [CROWDED]).fetchone()
    assert count == (3,)


def test_only_where_the_patient_is_or_in_an_opened_emergency(gateway: RunningGateway, books: OwnDatabase) -> None:
    body = {"key": pin_of(AWAY), "officer": "BS-17", "statement": "none_known"}
    refused = call(gateway, PATH, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "no_ground")
    # Checked in here is not checked in there, and a doctor has to be on the list.
    there = call(gateway, PATH, body | {"key": pin_of(ASKED)}, facility=ELSEWHERE)
    assert (there.status_code, there.json()["code"]) == (403, "no_ground")
    stranger = call(gateway, PATH, body | {"key": pin_of(ASKED), "officer": "nobody"})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "officer_not_listed")
    nobody = call(gateway, PATH, body | {"key": "001999999999"}).json()
    assert (nobody["found"], nobody["outcome"], nobody["allergies"]) == (False, None, None)
    opened = {"key": pin_of(BROKEN), "officer": "BS-17", "reason": "sốc phản vệ, hôn mê"}
    assert call(gateway, "/v1/health:break-glass", opened).status_code == 200
    assert state(gateway, BROKEN, "allergy", "Ceftriaxon")["outcome"] == "recorded"
    with psycopg.connect(books.urls.owner) as owner:
        written = owner.execute("SELECT count(*) FROM healthbook_allergy WHERE person_id = %s", [AWAY]).fetchone()
        assert (15, 1, 7, HERE, "BS-17") in looks(owner, AWAY)
    assert written == (0,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statement": "maybe"}, "invalid_statement"),
        ({"statement": "allergy"}, "invalid_substance"),
        ({"statement": "allergy", "substance": "   "}, "invalid_substance"),
        ({"statement": "allergy", "substance": "x" * 201}, "invalid_substance"),
        ({"statement": "allergy", "substance": "a\u202eb"}, "invalid_substance"),
        ({"statement": "none_known", "substance": "Tôm"}, "invalid_substance"),
        ({"statement": "none_known", "code": "1"}, "invalid_code"),
        ({"statement": "allergy", "substance": "Tôm", "code": "a b"}, "invalid_code"),
        ({"statement": "allergy", "substance": 7}, "malformed_body"),
        ({"statement": "allergy", "substance": "Tôm", "more": "x"}, "malformed_body"),
    ],
)
def test_unusable_statements_are_refused_by_field(gateway: RunningGateway, change: dict[str, Any], code: str) -> None:
    refused = call(gateway, PATH, {"key": pin_of(ASKED), "officer": "BS-17", **change})
    assert (refused.status_code, refused.json()["code"]) == (400 if code == "malformed_body" else 422, code)


def test_rehearsals_write_nothing(gateway: RunningGateway) -> None:
    body = {"key": "001180000000", "officer": "BS-17", "statement": "none_known"}
    told_back = call(gateway, PATH, body, scope=SANDBOX).json()
    assert (told_back["audit_id"], told_back["outcome"]) == ("0", "recorded")
    refused = call(gateway, PATH, body | {"key": "001180000777"}, scope=SANDBOX)
    assert refused.json()["code"] == "no_ground"


def test_apps_of_citizens_may_not_write(gateway: RunningGateway) -> None:
    token = gateway.token("", 40, scopes=frozenset([HEALTH_OWN]))
    body = {"key": pin_of(ASKED), "officer": "BS-17", "statement": "none_known"}
    refused = httpx.post(
        f"{gateway.base}{PATH}", json=body, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    )
    assert refused.status_code == 403
