"""Pulls for others over real HTTP: parents for minor children, whoever holds a mandate in what it grants, and nobody else."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from starlette.testclient import TestClient

from ansinh.audit.queries import looks_at, verify_chains
from ansinh_sandbox.eid_phone.service import Phone, application
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import NATION_DAY, RunningGateway
from tests.gateway_eid.test_pulls import OWN, XROAD, own, pull, token
from tests.support.database import OwnDatabase

pytestmark = pytest.mark.xdist_group("gateway_eid")

TODAY = date.fromisoformat(NATION_DAY)
MOTHER, CHILD, TEENAGER, GROWN, AUNT, DEAD = 101, 102, 103, 104, 105, 106
_AGES = {MOTHER: 40, CHILD: 7, TEENAGER: 15, GROWN: 18, AUNT: 50, DEAD: 80}
HEALTH = ("health", "referrals", "appointments", "papers")


@pytest.fixture(scope="module", autouse=True)
def _family(citizens: OwnDatabase) -> None:
    """A mother by the register of three, whom an aunt let see her card and the like, but not her health book."""
    add_people(citizens, len(_AGES), first=MOTHER)
    with psycopg.connect(citizens.urls.owner) as owner:
        for person, age in _AGES.items():
            owner.execute(
                "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on, died_on)"
                " VALUES (%s, %s, 'F', %s, %s, %s, '00004', '01', '2015-01-01', %s)",
                [
                    person,
                    f"Người {person}",
                    TODAY.year - age,
                    TODAY.month,
                    TODAY.day,
                    TODAY if person == DEAD else None,
                ],
            )
        for child in (CHILD, TEENAGER, GROWN):
            owner.execute(
                "INSERT INTO registry_person (pin, full_name, sex, birth_year, birth_month, birth_day, commune, province, household, registered_on, version,"
                " feed_no, valid_from, recorded_at, mother_pin)"
                " VALUES (%s, 'Con', 'F', 2020, 1, 1, '00004', '01', 1, '2015-01-01', 1, 0, '2015-01-01', now(), %s)",
                [pin_of(child), pin_of(MOTHER)],
            )
        owner.execute(
            "INSERT INTO mandates_mandate (for_person_id, mandate_id, person_id, kind, scopes, valid_from, valid_until, state, given_by, given_at, given_level,"
            " agreed_by, agreed_at, agreed_level) VALUES (%s, 1, %s, 'delegate', ARRAY['read'], %s, %s, 'in_force', 'a', now(), 2, 'b', now(), 2)",
            [AUNT, MOTHER, date(2020, 1, 1), date(TODAY.year + 1, 1, 1)],
        )


def asked(key: int, citizen: int) -> dict[str, str]:
    return own(citizen) | {"key": pin_of(key)}


def told(gateway: RunningGateway, kind: str, key: int, citizen: int) -> bool:
    """Tell whether the app is answered about somebody in a citizen's name."""
    answer = pull(gateway, kind, asked(key, citizen))
    if answer.status_code == 403:
        assert answer.json()["code"] == "not_own_record"
    return answer.status_code == 200


def test_a_mother_pulls_what_is_her_minor_childrens(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    for child in (CHILD, TEENAGER):
        assert all(told(gateway, kind, child, MOTHER) for kind in (*OWN, *HEALTH))
        looks = looks_at(child)
        assert {look.officer for look in looks} == {f"person {MOTHER}"}
        assert len(looks) == len(OWN) + len(HEALTH)
    card = pull(gateway, "card", asked(CHILD, MOTHER)).json()
    assert (card["asked"]["key"], card["card"]["card_number"]) == (pin_of(CHILD), f"DN40101{CHILD:08d}")
    assert verify_chains().whole


@pytest.mark.parametrize("kind", [*OWN, *HEALTH])
def test_nobody_else_is_told_and_each_try_is_seen(gateway: RunningGateway, looked_at: OwnDatabase, kind: str) -> None:
    """Of grown children nothing, of parents nothing, of a sister nothing; the dead and the very young ask for nothing."""
    for key, citizen in (
        (GROWN, MOTHER),
        (MOTHER, CHILD),
        (MOTHER, GROWN),
        (CHILD, TEENAGER),
        (CHILD, GROWN),
        (CHILD, AUNT),
    ):
        assert not told(gateway, kind, key, citizen)
        assert (looks_at(key)[0].officer, looks_at(key)[0].result) == (f"person {citizen}", "not the asker's own")
    assert not told(gateway, kind, DEAD, DEAD)
    assert not told(gateway, kind, CHILD, CHILD)
    assert told(gateway, kind, TEENAGER, TEENAGER)


def test_a_mandate_opens_what_it_grants_until_it_ends(gateway: RunningGateway, citizens: OwnDatabase) -> None:
    assert all(told(gateway, kind, AUNT, MOTHER) for kind in OWN)
    assert not any(told(gateway, kind, AUNT, MOTHER) for kind in HEALTH)
    with psycopg.connect(citizens.urls.owner) as owner:
        owner.execute("UPDATE mandates_mandate SET valid_until = %s WHERE for_person_id = %s", [TODAY, AUNT])
    assert not any(told(gateway, kind, AUNT, MOTHER) for kind in OWN)
    with psycopg.connect(citizens.urls.owner) as owner:
        owner.execute("UPDATE mandates_mandate SET valid_until = %s + 1 WHERE for_person_id = %s", [TODAY, AUNT])
    assert told(gateway, "card", AUNT, MOTHER)


def test_the_app_is_told_whom_its_citizen_may_act_for(gateway: RunningGateway) -> None:
    listed = pull(gateway, "family", own(MOTHER)).json()["family"]
    assert [(one["key"], one["who"], one["what"]) for one in listed] == [
        (pin_of(CHILD), "parent", ["apply", "decide", "health", "read", "receive"]),
        (pin_of(TEENAGER), "parent", ["apply", "health", "read", "receive"]),
        (pin_of(AUNT), "delegate", ["read"]),
    ]
    assert pull(gateway, "family", own(TEENAGER)).json()["family"] is None
    assert pull(gateway, "family", asked(CHILD, MOTHER)).status_code == 403, "whom others act for is their own"


def test_being_told_of_changes_is_each_citizens_own(gateway: RunningGateway) -> None:
    for kind in ("watch", "unwatch"):
        assert pull(gateway, kind, asked(CHILD, MOTHER)).json()["code"] == "not_own_record"


def test_pulls_for_others_go_through_x_road_too(gateway: RunningGateway, looked_at: OwnDatabase) -> None:
    assert pull(gateway, "card", asked(CHILD, MOTHER), **XROAD).status_code == 200
    look = looks_at(CHILD)[0]
    assert (look.officer, look.through) == (f"person {MOTHER}", XROAD["x-road-client"])
    assert pull(gateway, "card", asked(GROWN, MOTHER), **XROAD).status_code == 403


def test_the_phone_opens_whom_its_citizen_acts_for(gateway: RunningGateway) -> None:
    client = TestClient(application(Phone(gateway.base, lambda: token(gateway), [])))
    page = client.post("/", data={"pin": pin_of(MOTHER)}).text
    for words in (f"Người {CHILD} · con", f"Người {AUNT} · người ủy quyền", f'name=for value="{pin_of(AUNT)}"'):
        assert words in page
    child = client.post("/", data={"pin": pin_of(MOTHER), "for": pin_of(CHILD)}).text
    assert f"DN40101{CHILD:08d}" in child
    assert "Sổ sức khỏe" in child
    aunt = client.post("/", data={"pin": pin_of(MOTHER), "for": pin_of(AUNT)}).text
    assert f"DN40101{AUNT:08d}" in aunt
    assert "Sổ sức khỏe" not in aunt
    assert "Về hồ sơ của tôi" in aunt
    nobody = client.post("/", data={"pin": pin_of(MOTHER), "for": pin_of(GROWN)}).text
    assert "DN40101" not in nobody
    assert client.post("/", data={"pin": pin_of(MOTHER), "for": "x"}).status_code == 422
