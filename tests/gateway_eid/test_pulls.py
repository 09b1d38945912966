"""`POST /v1/eid/…` over real HTTP: what the app is told, version tags, X-Road, and what nobody but the citizen is told."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import APP_SCOPES, BOOK_READ, SANDBOX
from ansinh.audit.queries import looks_at, verify_chains
from ansinh.gateway.eid.pulls import PULLS
from tests.audit.standing import pin_of
from tests.gateway.running import RunningGateway
from tests.gateway_eid.agreement import EID, require_pulled
from tests.gateway_eid.people import PEOPLE
from tests.support.database import OwnDatabase

pytestmark = pytest.mark.xdist_group("gateway_eid")

OWN = ("book", "card", "payments", "files", "documents")
XROAD = {
    "x-road-client": "VN/GOV/01/eid-app",
    "x-road-service": "VN/GOV/VSS/eid/card",
    "x-road-id": "5f1c",
    "x-road-userid": "VN17",
}


def token(gateway: RunningGateway, *more: str, scopes: frozenset[str] = frozenset(APP_SCOPES)) -> str:
    return gateway.token("", 40, scopes=scopes | set(more))


def own(person: int, **more: str) -> dict[str, str]:
    return {"key": pin_of(person), "purpose": "own_record", "on_behalf_of": pin_of(person), **more}


def pull(gateway: RunningGateway, kind: str, body: Any, with_token: str = "", **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json", "authorization": f"Bearer {with_token or token(gateway)}", **headers}
    answer = httpx.post(f"{gateway.base}/v1/eid/{kind}", content=content, headers=sent, trust_env=False, timeout=20)
    require_pulled(answer, f"/v1/eid/{kind}")
    return answer


def test_a_citizen_pulls_everything_and_sees_it_in_the_audit(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    told = {kind: pull(gateway, kind, own(1)).json()[kind] for kind in OWN}
    assert told["book"]["months"]["total"] == 179
    card = told["card"]
    assert (card["in_force"], card["facility_name"], card["share_percent"]) == (True, "Bệnh viện Mẫu", 80)
    assert [(one["pay_month"], one["standing"], one["account_ends"]) for one in told["payments"]] == [
        (202506, "came_back", "3441"),
        (202505, "paid", "3441"),
    ]
    assert told["payments"][1]["parts"] == [{"kind": "pension", "month": 202505, "amount": 5_000_000}]
    assert (told["files"][0]["step"], told["files"][0]["due_on"]) == ("age_reached", "2025-06-10")
    assert "secret" not in json.dumps(told["files"])
    assert told["documents"][0]["number"] == "SBH-2025-00000001"
    looks = looks_at(1)
    assert {one.call for one in looks} == {
        "contribution book", "own card", "own payments", "own files", "own documents"
    }  # fmt: skip
    assert {(one.purpose, one.result, one.officer) for one in looks} == {("own_record", "answered", "person 1")}
    assert verify_chains().whole


@pytest.mark.parametrize("kind", [one.kind for one in PULLS if one.kind not in {"visit", "watch", "unwatch"}])
def test_what_the_app_has_is_not_sent_again_and_is_recorded_all_the_same(
    gateway: RunningGateway, looked_at: OwnDatabase, kind: str
) -> None:
    first = pull(gateway, kind, own(2))
    before = len(looks_at(2))
    same = pull(gateway, kind, own(2), **{"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    looks = looks_at(2)
    assert (len(looks), str(looks[0].audit_id)) == (before + 1, same.headers["audit-id"])
    assert pull(gateway, kind, own(2), **{"if-none-match": '"other"'}).status_code == 200
    assert pull(gateway, kind, own(3), **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_a_change_makes_another_version(gateway: RunningGateway, citizens: OwnDatabase) -> None:
    tag = pull(gateway, "card", own(4)).headers["etag"]
    with psycopg.connect(citizens.urls.owner) as owner:
        owner.execute("UPDATE cards_standing SET facility = '01002' WHERE person_id = 4")
    changed = pull(gateway, "card", own(4), **{"if-none-match": tag})
    assert (changed.status_code, changed.json()["card"]["facility"]) == (200, "01002")
    assert changed.headers["etag"] != tag


def test_a_line_goes_on_after_an_answer_without_a_body(gateway: RunningGateway) -> None:
    headers = {"content-type": "application/json", "authorization": f"Bearer {token(gateway)}"}
    with httpx.Client(base_url=gateway.base, trust_env=False, headers=headers, timeout=20) as line:
        tag = line.post("/v1/eid/card", json=own(5)).headers["etag"]
        answers = [line.post("/v1/eid/card", json=own(5), headers={"if-none-match": tag}) for _ in range(5)]
        assert [one.status_code for one in answers] == [304] * 5
        assert line.post("/v1/eid/card", json=own(6)).json()["asked"]["key"] == pin_of(6)


@pytest.mark.parametrize("kind", OWN)
def test_nobody_pulls_what_is_anothers(gateway: RunningGateway, looked_at: OwnDatabase, kind: str) -> None:
    for key, citizen in ((pin_of(7), pin_of(6)), (pin_of(7), pin_of(999)), (pin_of(999), pin_of(6))):
        refused = pull(gateway, kind, own(6) | {"key": key, "on_behalf_of": citizen})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_own_record")
    assert {look.officer for look in looks_at(7) if look.result == "not the asker's own"} <= {"person 6", "person 0"}


def test_each_pull_takes_its_own_scope_and_no_facility_has_it(gateway: RunningGateway) -> None:
    for one in PULLS:
        body = own(1, visit="1") if one.kind == "visit" else own(1)
        others = frozenset(APP_SCOPES) - {one.scope}
        refused = pull(gateway, one.kind, body, token(gateway, scopes=others))
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert pull(gateway, one.kind, body, gateway.token()).status_code == 403


def test_what_x_road_said_is_kept_with_the_digest_of_the_body(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    body = json.dumps(own(8)).encode()
    numbers = {}
    for kind in OWN:
        answer = pull(gateway, kind, body, **XROAD)
        assert answer.status_code == 200, answer.text
        numbers[int(answer.json()["audit_id"])] = kind
    with psycopg.connect(looked_at.urls.app) as connection:
        kept = connection.execute(
            "SELECT x.audit_id, x.client, x.service, x.message_id, x.user_id, x.request_sha256 FROM audit_xroad x"
            " JOIN audit_access a ON a.id = x.audit_id AND a.asked_at = x.asked_at AND a.person_id = 8"
        ).fetchall()
    assert {one[0] for one in kept} == numbers.keys()
    assert {one[1:5] for one in kept} == {tuple(XROAD.values())}
    assert {bytes(one[5]) for one in kept} == {hashlib.sha256(body).digest()}
    assert looks_at(8)[0].through == XROAD["x-road-client"]
    assert pull(gateway, "card", body, **XROAD | {"x-road-client": "VN"}).json()["code"] == "invalid_xroad_header"


@pytest.mark.parametrize(
    ("kind", "change", "status", "code"),
    [
        ("card", {"on_behalf_of": ""}, 422, "invalid_on_behalf_of"),
        ("card", {"on_behalf_of": "00100000000\u0661"}, 422, "invalid_on_behalf_of"),
        ("card", {"key": "%"}, 422, "invalid_input"),
        ("card", {"key": "DN4010100000001"}, 422, "invalid_input"),
        ("card", {"purpose": "treatment"}, 422, "unknown_purpose"),
        ("card", {"visit": "1"}, 422, "invalid_visit"),
        ("visit", {}, 422, "invalid_visit"),
        ("visit", {"visit": "9" * 19}, 422, "invalid_visit"),
        ("papers", {"paper": "-1"}, 422, "invalid_paper"),
        ("card", {"key": None}, 400, "malformed_body"),
        ("card", {"officer": "BS-17"}, 400, "malformed_body"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anybody_is_looked_up(
    gateway: RunningGateway, kind: str, change: dict[str, Any], status: int, code: str
) -> None:
    answer = pull(gateway, kind, own(1) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("tags", ["x" * 501, '"é"', '"a",' * 200])
def test_version_tags_that_cannot_be_used_are_refused(gateway: RunningGateway, tags: str) -> None:
    headers = {"if-none-match": tags.encode().decode("latin-1")}
    with pytest.raises(UnicodeEncodeError) if not tags.isascii() else _nothing():
        answer = pull(gateway, "card", own(1), **headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_version_tag")


class _nothing:  # noqa: N801 - a context that expects nothing
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_many_at_once_each_hear_of_themselves(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    with_token = token(gateway)
    asked = [(kind, 1 + n % PEOPLE) for n in range(20) for kind in OWN]
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda one: pull(gateway, one[0], own(one[1]), with_token), asked))
    assert {one.status_code for one in answers} == {200}
    assert [one.json()["asked"]["key"] for one in answers] == [pin_of(person) for _, person in asked]
    assert len({one.json()["audit_id"] for one in answers}) == len(asked)
    assert verify_chains().whole


def test_sandbox_rehearses_and_reads_nobody(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    before = len(looks_at(1))
    with_token = token(gateway, SANDBOX)
    for one in PULLS:
        number = "001180000000"
        body = own(1, visit="1") if one.kind == "visit" else own(1)
        told = pull(gateway, one.kind, body | {"key": number, "on_behalf_of": number}, with_token).json()
        assert (told["audit_id"], told["found"]) == ("0", True)
    assert pull(gateway, "card", own(1) | {"key": "001180000101"}, with_token).status_code == 503
    assert pull(gateway, "card", own(1), with_token).json()["card"] is None
    assert len(looks_at(1)) == before


def test_every_pull_is_agreed_and_its_example_is_answered(gateway: RunningGateway) -> None:
    assert set(EID.document["paths"]) == {one.path for one in PULLS}
    for one in PULLS:
        operation = EID.document["paths"][one.path]["post"]
        assert operation["security"] == [{"token": [one.scope]}]
        spoken = operation["requestBody"]["content"]["application/json"]
        for example in spoken["examples"].values():
            assert not EID.troubles(example["value"], spoken["schema"])
            assert pull(gateway, one.kind, example["value"], token(gateway, SANDBOX)).status_code == 200


def test_nothing_asked_stands_in_the_log_or_the_counters(gateway: RunningGateway) -> None:
    pull(gateway, "card", own(1), **XROAD)
    words = gateway.log.read_text() + httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    for secret in (pin_of(1), "VN17", "Quỳnh"):
        assert secret not in words
    assert 'call="eid_card"' in words


def test_a_book_scope_alone_opens_the_book_alone(gateway: RunningGateway) -> None:
    with_token = token(gateway, scopes=frozenset([BOOK_READ]))
    assert pull(gateway, "book", own(1), with_token).status_code == 200
    assert pull(gateway, "payments", own(1), with_token).status_code == 403
