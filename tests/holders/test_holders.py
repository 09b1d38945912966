"""Banks asked whose accounts are: busy is no answer, a wrong name and no such account are two things, and a run withholds for either."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest
from django.db import DatabaseError, transaction

from ansinh.config.payments import accounts_filed_by, accounts_to_ask
from ansinh.database.sql import execute, rows
from ansinh.foundation.errors import NotPermitted, PartnerTrouble
from ansinh.holders import operations
from ansinh.holders.adapters.names_over_http import NamesOverHttp
from ansinh.holders.asking import Told
from ansinh.holders.procedures import ask_banks
from ansinh.holders.states import HolderState
from ansinh.payments import operations as payments
from ansinh_sandbox.banks.bank import Bank as Sandbox
from ansinh_sandbox.banks.scenarios import Faults
from tests.payments.world import BIDV, FIRST, JULY_1, MAKER, REASON, VCB, Owed, add_payee, at, built_run

pytestmark = pytest.mark.usefixtures("fresh_database")


class Near:
    """A sandbox bank asked without the wire."""

    def __init__(self, bank: Sandbox) -> None:
        self.bank = bank
        self.asked: list[str] = []

    def names(self, accounts: Sequence[str]) -> Mapping[str, Told]:
        self.asked += accounts
        return {
            account: Told(HolderState(state), name or None)
            for account, (state, name) in self.bank.names(list(accounts)).items()
        }


def near(folder: Path, holders: dict[str, str], faults: Faults | None = None) -> Near:
    bank = Sandbox(folder, VCB, faults or Faults(), ordinary_refusals=False)
    with bank.store.change() as books:
        books.executemany("INSERT OR REPLACE INTO holder VALUES (?, ?)", holders.items())
    return Near(bank)


def filed(person: int, account: str, holder: str, relation: str = "own") -> None:
    """An account filed with us and confirmed."""
    execute(
        "INSERT INTO payments_account (person_id, account_id, bank, account, holder, relation, from_month, filed_at, filed_by, confirmed_at)"
        " VALUES (%s, nextval('payments_account_number'), %s, %s, %s, %s, 202401, now(), 'test', now())",
        [person, VCB, account, holder, relation],
    )


def ask(wanted: list[tuple[str, str]], provider: object) -> dict[str, int]:
    found = ask_banks(MAKER, REASON, at(JULY_1), wanted, lambda bank: provider if bank == VCB else None)  # type: ignore[arg-type,return-value]  # a double
    return {state: count for state, count in found.items() if count}


def test_a_run_withholds_for_another_name_and_for_accounts_that_cannot_be_credited(tmp_path: Path) -> None:
    wards = {
        "9999000011": "NGUYEN VAN KHAC",
        "0077": "TRAN THI ME",
        "0022": "NGUYEN VAN AN",
        "9999000004": "X",
        "9999000006": "X",
    }
    for person, account in enumerate(("0022", "9999000011", "9999000004", "9999000006", "0099"), start=1):
        filed(add_payee(person, name="Nguyễn Văn  An"), account, "Nguyễn Văn An")
    for person in (6, 7):
        filed(add_payee(person), "0077", "Trần Thị Mẹ", "guardian")
    add_payee(8, "0088", bank=BIDV)
    # Two children of one guardian are paid the same: both are paid.
    run_id = built_run([Owed(person, 1_000_000) for person in range(1, 9)], tmp_path)
    bank = near(tmp_path, wards)
    wanted = accounts_to_ask(run_id)
    assert len(wanted) == 6
    assert len(accounts_to_ask(run_id, everybody=True)) == 7
    assert ask(wanted, bank) == {"open": 3, "closed": 1, "blocked": 1, "none": 1}
    assert ask(wanted, bank) == {}
    assert len(bank.asked) == 6
    found = payments.check_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id).findings
    assert {kind: found[kind] for kind in ("name_differs", "account_refused")} == {
        "name_differs": 1,
        "account_refused": 3,
    }
    withheld = rows(
        "SELECT person_id FROM payments_order WHERE run_id = %s AND state = 'withheld' ORDER BY 1", [run_id]
    )
    assert [person for (person,) in withheld] == [2, 3, 4, 5]
    told = dict(
        rows(
            "SELECT person_id, detail FROM payments_finding WHERE run_id = %s AND kind IN ('name_differs', 'account_refused')",
            [run_id],
        )
    )
    assert {person: words.split()[0] for person, words in told.items()} == {
        2: "open",
        3: "closed",
        4: "blocked",
        5: "none",
    }


def test_busy_and_silent_banks_say_nothing_and_are_asked_again(tmp_path: Path) -> None:
    busy = near(tmp_path, {"0011": "NGUYEN VAN AN"}, Faults(names_busy=1))
    assert ask([(VCB, "0011"), (VCB, "0011")], busy) == {"busy": 1}
    add_payee(1, "0011")
    run_id = built_run([Owed(1, 1_000)], tmp_path)
    findings = payments.check_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id).findings
    assert "name_differs" not in findings

    class Silent:
        def names(self, accounts: Sequence[str]) -> Mapping[str, Told]:
            raise PartnerTrouble(VCB, "silent", temporary=True)

    assert ask([(VCB, "0011"), (BIDV, "7")], Silent()) == {"unasked": 2}
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("UPDATE holders_holderanswer SET state = 'open', name = 'X'")
    with pytest.raises(NotPermitted):
        operations.keep_answers(actor=FIRST, reason=REASON, clock=at(JULY_1), bank=VCB, answers={})
    add_payee(2, "0022")
    assert accounts_filed_by(2) == [(VCB, "0022")]


def provider(answer: httpx.Response | None) -> NamesOverHttp:
    def serve(request: httpx.Request) -> httpx.Response:
        assert b"0011" in request.content
        assert "0011" not in str(request.url)
        if answer is None:
            raise httpx.ConnectError("no line")
        return answer

    return NamesOverHttp(VCB, "http://bank", httpx.Client(transport=httpx.MockTransport(serve)))


def test_only_the_agreed_answer_is_an_answer() -> None:
    good = {
        "names": {
            "0011": {"state": "open", "name": "A"},
            "12": {"state": "gone"},
            "13": {"state": "open", "name": "  "},
        }
    }
    found = provider(httpx.Response(200, json=good)).names(["0011"])
    assert found == {
        "0011": Told(HolderState.OPEN, "A"),
        "12": Told(HolderState.BUSY),
        "13": Told(HolderState.OPEN, "  "),
    }
    kept = operations.keep_answers(actor=MAKER, reason=REASON, clock=at(JULY_1), bank=VCB, answers=found)
    assert (kept["open"], kept["busy"]) == (1, 2)
    broken: list[httpx.Response | None] = [
        None,
        httpx.Response(503),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=json.dumps({"names": [1]}).encode()),
        httpx.Response(200, content=b" " * ((4 << 20) + 1)),
    ]
    for answer in broken:
        with pytest.raises(PartnerTrouble):
            provider(answer).names(["0011"])
