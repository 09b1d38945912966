"""A machine's batch and an officer's decision about the same person at the same time: one after the other, one verdict in the end, and the officer's stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from ansinh.database.sql import number
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import confirm_candidate
from tests.people.identity_cast import LAN, REASON, decide, load, verdict_of
from tests.support.cast import JULY

ROUNDS = 20


@pytest.mark.usefixtures("fresh_database")
def test_a_batch_and_an_officer_at_once_leave_one_verdict_the_officers(tmp_path: Path) -> None:
    first = load(tmp_path, *({} for _ in range(ROUNDS)))
    people = range(first, first + ROUNDS)
    decide(*({"person_id": person, "verdict": "candidate", "register_pin": f"{person:012}"} for person in people))

    def machine(person: int) -> None:
        try:
            decide({"person_id": person, "verdict": "not_found"})
        finally:
            connections.close_all()

    def officer(person: int) -> str:
        try:
            pin = f"{person:012}"
            return confirm_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=person, register_pin=pin).state
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        pairs = [(person, pool.submit(machine, person), pool.submit(officer, person)) for person in people]
        for person, by_machine, by_officer in pairs:
            by_machine.result()
            outcome = by_officer.result()
            assert outcome in {"applied", "not_offered"}
            assert verdict_of(person)[0] == ("verified" if outcome == "applied" else "not_found")
    assert number("SELECT count(*) FROM people_verdict WHERE superseded_at IS NULL") == ROUNDS
