"""Invented payees with accounts, what they are owed, four officers, and banks that keep their own books."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from ansinh.access.roles import ROLES
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments import operations
from ansinh.payments.answers.told import Answer, FileAnswer
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received
from ansinh.payments.handover.listing import ListWriter
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import Desk, Partner, build_all
from ansinh.payments.states import AttemptEvent

VCB, BIDV, POST = "970436", "970418", "P01"
REASON = "thử"
JULY_1 = datetime(2025, 7, 1, 9, tzinfo=VIET_NAM)


def officer(name: str, *roles: str) -> Actor:
    """Return an officer with the permissions of roles."""
    return Actor(ActorKind.OFFICER, name, frozenset().union(*(ROLES[one].permissions for one in roles)))


MAKER = officer("hanoi.lan", "payment_officer")
FIRST = officer("hanoi.minh", "payment_approver")
SECOND = officer("hanoi.thu", "payment_authoriser")
TREASURER = officer("hanoi.duc", "treasurer")
# Somebody who may do everything: only the tables and the law of three people stand in the way.
ALL_PAYMENT_ROLES = ("payment_officer", "payment_approver", "payment_authoriser", "treasurer")


def at(moment: datetime) -> FixedClock:
    """Return a clock that stands at a moment."""
    return FixedClock(moment)


@dataclass(frozen=True)
class Owed:
    """One row of the room above."""

    person_id: int
    amount: int
    month: int = 202507
    entitlement_id: int = 1
    component: str = "base"
    correction: int = 0
    kind: str = "pension"
    province: str = "01"
    urban: bool = True


def owed_select(owed: Sequence[Owed]) -> str:
    """Return the rows as the SELECT the room above would give."""
    values = ", ".join(
        f"({o.person_id}::bigint, {o.entitlement_id}::bigint, '{o.component}', {o.month}, {o.correction}, {o.amount}::bigint, '{o.kind}',"
        f" '{o.province}', '00004', {o.urban})"
        for o in owed
    )
    return f"SELECT * FROM (VALUES {values}) AS v (person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban)"


def add_payee(
    person: int,
    account: str | None = None,
    *,
    bank: str = VCB,
    name: str = "Nguyễn Văn An",
    died_on: date | None = None,
) -> int:
    """Insert a person, with a confirmed account if one is given."""
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, commune, province, recorded_on, died_on)"
        " VALUES (%s, %s, 'M', 1950, '00004', '01', '2015-01-01', %s)",
        [person, name, died_on],
    )
    if account:
        add_account(person, account, bank=bank, holder=name)
    return person


def add_account(
    person: int,
    account: str,
    *,
    bank: str = VCB,
    holder: str = "NGUYEN VAN AN",
    from_month: int = 202401,
    relation: str = "own",
) -> None:
    """Insert a confirmed account."""
    execute(
        "INSERT INTO payments_account (person_id, account_id, bank, account, holder, relation, from_month, filed_at, filed_by, confirmed_at, source)"
        " VALUES (%s, nextval('payments_account_number'), %s, %s, %s, %s, %s, '2024-01-01', 'test', '2024-01-01', 'test')",
        [person, bank, account, holder, relation, from_month],
    )


def make_run(
    months: tuple[int, ...] = (202507,),
    pay_on: date = date(2025, 7, 2),
    act: str = "Quyết định thử",
    actor: Actor = MAKER,
) -> int:
    """Open a run in draft."""
    order = RunOrder(pay_on=pay_on, months=months, act=act)
    return operations.create_run(actor=actor, reason=REASON, clock=at(JULY_1), order=order)


def desk_of(actor: Actor, tmp_path: Path, banks: Sequence[BankDouble] = (), moment: datetime = JULY_1) -> Desk:
    """Return somebody at work with these banks."""
    partners = {bank.partner: Partner(bank, ListWriter(), AnswerReader()) for bank in banks}
    return Desk(actor, REASON, at(moment), tmp_path / "secrets", partners)


def built_run(owed: Sequence[Owed], tmp_path: Path, **order: object) -> int:
    """Return a run built from what is owed."""
    run_id = make_run(**order)  # type: ignore[arg-type]  # arguments by name, of several types
    build_all(desk_of(MAKER, tmp_path), run_id, owed_select(owed))
    return run_id


def signed_run(owed: Sequence[Owed], tmp_path: Path, **order: object) -> int:
    """Return a run built, checked, signed twice and funded: ready to go."""
    run_id = built_run(owed, tmp_path, **order)
    sign(run_id, tmp_path)
    return run_id


def sign(run_id: int, tmp_path: Path, *, checked: bool = False) -> None:
    """Check (unless it is checked), approve, authorise and fund a run (or its newest round)."""
    clock, secrets = at(JULY_1), tmp_path / "secrets"
    if not checked:
        operations.check_run(actor=MAKER, reason=REASON, clock=clock, run_id=run_id)
    operations.approve_run(actor=FIRST, reason=REASON, clock=clock, run_id=run_id, secrets=secrets)
    operations.authorise_run(actor=SECOND, reason=REASON, clock=clock, run_id=run_id, secrets=secrets)
    operations.fund_run(actor=TREASURER, reason=REASON, clock=clock, run_id=run_id)


ASKABLE = Abilities(can_ask=True, refuses_duplicates=False, lateness_max=timedelta(minutes=30))


@dataclass
class BankDouble:
    """A bank with its own books, unkinder than a real one: it does not refuse a message it has unless told to.

    `lose_request`: the next so many deliveries never arrive; `lose_answer`: they arrive and nothing is said. `scripts` says what becomes of an account.
    """

    partner: str
    abilities: Abilities = ASKABLE
    lose_request: int = 0
    lose_answer: int = 0
    refuse: str = ""
    scripts: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    credited: dict[str, int] = field(default_factory=dict)
    outbox: list[Received] = field(default_factory=list)

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Take a message as told."""
        if self.lose_request:
            self.lose_request -= 1
            raise PartnerTrouble(self.partner, "no connection", temporary=True)
        if self.refuse:
            return Receipt(Delivered.REFUSED, self.refuse)
        if not (self.abilities.refuses_duplicates and any(known == message_id for known, _ in self.messages)):
            self.messages.append((message_id, body))
            self._book(message_id, body)
        if self.lose_answer:
            self.lose_answer -= 1
            raise PartnerTrouble(self.partner, "no answer", temporary=True)
        return Receipt(Delivered.TAKEN)

    def ask(self, message_id: str) -> Knows:
        """Say whether a message is known."""
        return Knows.KNOWN if any(known == message_id for known, _ in self.messages) else Knows.NOT_KNOWN

    def collect(self) -> Iterator[Received]:
        """Yield what lies ready, and keep it, as banks do."""
        yield from list(self.outbox)

    def recall(self, message_id: str) -> Recalled:
        """Be too late."""
        return Recalled.TOO_LATE

    def _book(self, message_id: str, body: bytes) -> None:
        answers = []
        for line in list(csv.reader(io.StringIO(body.decode())))[1:-1]:
            _, end_to_end_id, account, _, amount, _ = line
            script = self.scripts.get(account, "pay")
            if script.startswith("reject:"):
                answers.append([end_to_end_id, "20", f"R{end_to_end_id}", script.split(":")[1], amount])
                continue
            if script == "silent":
                continue
            self.credited[end_to_end_id] = self.credited.get(end_to_end_id, 0) + int(amount)
            answers.append([end_to_end_id, "30", f"{message_id}/{len(self.messages)}/{end_to_end_id}", "", amount])
        if answers:
            self.outbox.append(answer_file(f"{message_id}.{len(self.messages)}.csv", answers))


def answer_file(name: str, lines: Sequence[Sequence[str]]) -> Received:
    """Return a file of answers in the form the tests' reader knows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return Received(name, f"{name}\n{text.getvalue()}".encode())


class AnswerReader:
    """Reads the tests' own form: end-to-end id, kind, reference, reason, amount; or `file`, message id, refused, reason."""

    def read(self, body: bytes) -> Iterator[Answer | FileAnswer]:
        """Yield the lines."""
        for line in list(csv.reader(io.StringIO(body.decode())))[1:]:
            if line[0] == "file":
                yield FileAnswer(line[1], line[2] == "refused", line[3])
            else:
                yield Answer(
                    line[0] or None,
                    AttemptEvent(int(line[1])),
                    line[2],
                    JULY_1,
                    line[3] or None,
                    int(line[4]) if line[4] else None,
                )


def tell(partner: str, *lines: Sequence[str], name: str = "f.csv", moment: datetime = JULY_1) -> int:
    """Take in and match a file of answers; returns the message's number."""
    file = answer_file(name, lines)
    clock = at(moment)
    taken = operations.take_file(
        actor=TREASURER, reason=REASON, clock=clock, partner=partner, file=file, answers=AnswerReader().read(file.body)
    )
    while operations.match_file(actor=TREASURER, reason=REASON, clock=clock, message_no=taken.message_no).left:
        pass
    return taken.message_no


def end_to_end(run_id: int, person: int, attempt_no: int = 1) -> str:
    """Return the id of a payee's attempt."""
    found = row(
        "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no) FROM payments_attempt WHERE run_id = %s AND person_id = %s AND attempt_no = %s",
        [run_id, person, attempt_no],
    )
    assert found is not None
    return str(found[0])


def states(run_id: int) -> list[tuple[int, int, int]]:
    """Return (person, attempt, state) of a run's attempts."""
    return [
        tuple(one)
        for one in rows(
            "SELECT person_id, attempt_no, state FROM payments_attempt_now WHERE run_id = %s ORDER BY 1, 2", [run_id]
        )
    ]


def balances(run_id: int) -> dict[int, int]:
    """Return the run's ledger accounts that are not zero."""
    return dict(
        rows(
            "SELECT account, sum(amount)::bigint FROM payments_posting WHERE run_id = %s GROUP BY 1 HAVING sum(amount) <> 0",
            [run_id],
        )
    )


def run_state(run_id: int) -> str:
    """Return the run's state."""
    found = row("SELECT state FROM payments_run WHERE run_id = %s", [run_id])
    assert found is not None
    return str(found[0])
