"""A sandbox bank inside the test's own process, and a month paid through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ansinh.payments.adapters.iso20022 import AnswerReader, CreditTransferWriter, Payer
from ansinh.payments.handover.bank import Abilities, Bank, Delivered, Knows, Recalled, Receipt, Received
from ansinh.payments.procedures import Desk, Partner, collect_all, send_ready
from ansinh.reckoning.procedures import Reckoned, reckon
from ansinh_sandbox.banks.bank import Bank as Sandbox
from ansinh_sandbox.banks.scenarios import HONEST, Faults
from tests.payments.world import JULY_1, POST, REASON, TREASURER, VCB, BankDouble, Owed, at, desk_of, signed_run
from tests.support.cast import ANYBODY_WITH_RIGHTS

PAY_ON = date(2025, 7, 2)


def account_at(bank: str) -> str:
    """Our account at a bank of the sandbox."""
    return f"{bank}0000001"


@dataclass
class NearBank:
    """A sandbox bank without the wire."""

    bank: Sandbox
    partner: str = VCB
    abilities: Abilities = BankDouble(VCB).abilities

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Hand over."""
        return Receipt(Delivered.TAKEN if self.bank.deliver(message_id, body) != "other" else Delivered.REFUSED)

    def ask(self, message_id: str) -> Knows:
        """Ask."""
        return Knows.KNOWN if self.bank.knows(message_id) else Knows.NOT_KNOWN

    def collect(self) -> Iterator[Received]:
        """Yield everything laid ready so far; payments knows what it has."""
        for one in self.bank.store.files(0, 1_000):
            body = self.bank.store.file(one.file_no)
            assert body is not None
            yield Received(one.name, body)

    def recall(self, message_id: str) -> Recalled:
        """Call back."""
        return Recalled(self.bank.recall(message_id))


def near_bank(folder: Path, faults: Faults = HONEST) -> NearBank:
    """Return a bank that lives on the day of payment, with money of ours unless told otherwise."""
    bank = Sandbox(folder, VCB, faults, ordinary_refusals=False)
    bank.store.keep("day", PAY_ON.isoformat())
    return NearBank(bank)


def desk(folder: Path, near: NearBank) -> Desk:
    """Return the treasurer at work with that bank and the post."""
    partners = dict(desk_of(TREASURER, folder, [BankDouble(POST)]).partners)
    payer = Payer("Bảo hiểm xã hội Việt Nam", account_at(VCB), VCB)
    bank: Bank = near
    partners[VCB] = Partner(bank, CreditTransferWriter(payer), AnswerReader())
    return Desk(TREASURER, REASON, at(JULY_1), folder / "secrets", partners)


def paid_month(folder: Path, near: NearBank, owed: Sequence[Owed], until: date = date(2025, 7, 4)) -> int:
    """Pay through the bank, which was given what the seal needs, and let it live; returns the run."""
    run_id = signed_run(owed, folder)
    near.bank.deposit(sum(one.amount for one in owed), f"run {run_id}.0")
    send_ready(desk(folder, near), run_id)
    live(folder, near, until)
    return run_id


def live(folder: Path, near: NearBank, until: date) -> None:
    """Let the bank live until a day, and take in what it says."""
    near.bank.live(until)
    collect_all(desk(folder, near))


def reckoned() -> Reckoned:
    """Read what came and compare."""
    return reckon(ANYBODY_WITH_RIGHTS, REASON, at(JULY_1), account_at)
