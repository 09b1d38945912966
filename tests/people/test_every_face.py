"""The doors of machines and clerks: each of a person's numbers, former ones and a PIN without a card of its own too, leads to the same standing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from ansinh.access.tokens import STANDING_BATCH
from ansinh.desk.adapters.gateway import Answered, ask_standing
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase

FORMER_PIN, FORMER_CARD, NEWCOMER = "001099999999", "HS4010100000003", 4
NUMBERS = {
    pin_of(3): "pin",
    FORMER_PIN: "pin",
    "0100000003": "si_code",
    "DN4010100000003": "card",
    FORMER_CARD: "card",
}


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    """Person 3 with a former PIN and a former card, and person 4, who has only a PIN and is carded under it."""
    add_people(fresh_database, 10)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        for scheme, value in (("pin", FORMER_PIN), ("card", FORMER_CARD)):
            owner.execute(
                "INSERT INTO people_identifier (value, scheme, person_id, valid_from, valid_until, ended_because)"
                " VALUES (%s, %s, 3, '2015-01-01', '2020-01-01', 'replaced')",
                [value, scheme],
            )
        owner.execute("DELETE FROM people_identifier WHERE person_id = %s AND scheme <> 'pin'", [NEWCOMER])
        owner.execute("UPDATE cards_standing SET si_code = NULL, card_number = pin WHERE person_id = %s", [NEWCOMER])
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def test_machines_find_the_same_person_by_each_number_alone_and_in_a_batch(gateway: RunningGateway) -> None:
    for key, kind in NUMBERS.items():
        answer = gateway.ask({"key": key, "purpose": "treatment", "officer": "x"}).json()
        assert answer["asked"] == {"key": key, "kind": kind}
        assert (answer["standing"]["pin"], answer["standing"]["si_code"]) == (pin_of(3), "0100000003")
    newcomer = gateway.ask({"key": pin_of(NEWCOMER), "purpose": "treatment", "officer": "x"}).json()["standing"]
    assert (newcomer["card_number"], newcomer["si_code"]) == (pin_of(NEWCOMER), None)
    batch = httpx.post(
        f"{gateway.base}/v1/standing:batch",
        json={"keys": [*NUMBERS, pin_of(NEWCOMER)], "purpose": "treatment", "officer": "x"},
        headers={"authorization": f"Bearer {gateway.token(scopes=frozenset([STANDING_BATCH]))}"},
        trust_env=False,
        timeout=20,
    )
    assert batch.status_code == 200, batch.text
    assert [one["standing"]["pin"] for one in batch.json()["answers"]] == [pin_of(3)] * 5 + [pin_of(NEWCOMER)]


def test_the_desk_finds_the_same_person_by_each_number(gateway: RunningGateway) -> None:
    for key in (*NUMBERS, pin_of(NEWCOMER)):
        outcome = ask_standing(gateway.base, token=gateway.token(), key=key, officer="x")
        assert isinstance(outcome, Answered), outcome
        assert outcome.standing.card_number == ("DN4010100000003" if key in NUMBERS else pin_of(NEWCOMER))
