"""Names and birth dates cannot be guessed: five wrong ones a person and hour, whoever asks, from however many sides at once."""

from __future__ import annotations

from collections import Counter as Count
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ansinh.audit.queries import verify_chains
from ansinh_sandbox.his import HospitalSoftware, Officer, Patient
from tests.dialect.counter import BORN, NAME, OTHER_FACILITY, Counter, card, open_counter, pin
from tests.support.database import OwnDatabase

WRONG = {"051", "052", "053", "060", "061", "070"}


def test_after_five_wrong_particulars_everything_is_refused_alike(counter: Counter) -> None:
    guesses = [("Lê Văn Tám", BORN), (NAME, "01/01/1980"), ("Nguyễn Thị Thu Hương", BORN), (NAME, "02/01/1980")]
    assert [counter.code_of(pin(21), name, born) for name, born in guesses] == ["060", "070", "061", "070"]
    assert counter.code_of(pin(21)) == "000", "four are still forgiven"
    assert counter.code_of(card(21, province="79")) == "052"
    told = [
        counter.software.look_up(Patient(number, name, BORN)) for number in (pin(21), card(21)) for name in (NAME, "Lê")
    ]
    assert {one["maKetQua"] for one in told} == {"100"}
    assert len({str(one) for one in told}) == 1, "right and wrong are refused in the same words"
    other = replace(
        counter.software,
        facility=OTHER_FACILITY,
        password="khác",
        tokens=None,
        officer=Officer("Lê Văn Tám", "079190000018"),
    )
    assert other.look_up(Patient(pin(21), NAME, BORN))["maKetQua"] == "100", "another facility guesses no further"
    assert counter.code_of(pin(22)) == "000", "other people are not concerned"
    results = counter.rows("SELECT result FROM audit_access WHERE person_id = 21 ORDER BY asked_at, id")
    assert [result for (result,) in results] == [4, 4, 4, 4, 1, 4, 5, 5, 5, 5, 5]
    alarms = counter.rows(
        "SELECT actor_kind, outcome, facts ->> 'person' FROM audit_act WHERE act = 'cards.too_many_wrong_particulars'"
    )
    assert alarms == [("client", "alert", "21")]
    counter.rows("UPDATE cards_dialectmiss SET hour = hour - interval '1 hour' RETURNING 1")
    assert counter.code_of(pin(21)) == "000", "after the hour the person can be looked up again"


def test_the_ceiling_holds_across_workers_and_batches(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    with open_counter(fresh_database, tmp_path, workers=2) as counter:
        tokens = counter.software.sign_in()

        def guess(n: int) -> str:
            software: HospitalSoftware = replace(counter.software, tokens=tokens)
            return str(software.look_up(Patient(pin(30 + n % 3), f"Lê Văn {chr(65 + n % 20)}a", BORN))["maKetQua"])

        with ThreadPoolExecutor(24) as guessers:
            heard = Count(zip((30 + n % 3 for n in range(90)), guessers.map(guess, range(90)), strict=True))
        for person in (30, 31, 32):
            assert sum(times for (whom, code), times in heard.items() if whom == person and code in WRONG) == 5
            assert heard[person, "100"] == 25
        alarms = counter.rows(
            "SELECT count(*), count(DISTINCT facts ->> 'person') FROM audit_act WHERE act = 'cards.too_many_wrong_particulars'"
        )
        assert alarms == [(3, 3)]
        assert counter.rows("SELECT result, count(*) FROM audit_access GROUP BY 1 ORDER BY 1") == [(4, 15), (5, 75)]
        assert verify_chains().whole
