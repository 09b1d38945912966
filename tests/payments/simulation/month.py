"""A month drawn from a seed, lived hour by hour until nothing moves, and what must be true of it at the end."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.durable import verbs
from ansinh.foundation.errors import Refusal
from ansinh.payments import carrying, operations
from ansinh.payments.adapters.drop_folder import DropFolder
from ansinh.payments.adapters.iso20022 import AnswerReader, CreditTransferWriter, Payer
from ansinh.payments.carrying import Pauses, Wiring
from ansinh.payments.checks import checks
from ansinh.payments.handover.bank import Abilities
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import Desk, Partner, list_forms
from ansinh.payments.queries import Run, differences_of, open_cases
from ansinh_sandbox.banks.bank import Bank
from ansinh_sandbox.banks.scenarios import Faults
from tests.payments.simulation.engine import SimulatedClock, SimulatedEngine
from tests.payments.simulation.partners import LATENESS_MAX, Line, SimulatedBank, live_post
from tests.payments.world import (
    BIDV,
    FIRST,
    JULY_1,
    MAKER,
    POST,
    REASON,
    SECOND,
    TREASURER,
    VCB,
    Owed,
    add_account,
    add_payee,
    owed_select,
    run_state,
)

DAYS = 40
# The first hours are lived one by one, then half days.
BUSY_HOURS = 24
# The ends of accounts whose fate a bank decides: mostly credited, else closed, blocked, dead, refused late, sent back, told twice.
_OVER = {"closed", "aborted"}
ENDINGS = ["0099"] * 8 + ["0004", "0006", "0007", "0012", "0020", "0030", "0031", "0032", "0080", "0040"]
_HAS = "SELECT 1 FROM payments_message WHERE partner = %s AND direction = 'in' AND sha256 = %s"
_RUNS = "SELECT run_id FROM payments_run ORDER BY 1"
_TO_SIGN = "SELECT DISTINCT run_id FROM payments_batch WHERE state = 'sealed' ORDER BY 1"
# Everybody in it is withheld: it is given up, and what it gathered is due again.
_NOTHING_TO_SEND = """
SELECT run_id FROM payments_run r WHERE state = 'checked' AND NOT EXISTS (SELECT FROM payments_batch b WHERE b.run_id = r.run_id AND b.state <> 'cancelled')
"""
_ATTEMPTS = """
SELECT payments_end_to_end_id(a.pay_month, a.order_id, a.attempt_no), a.amount, a.state, a.channel, a.person_id, a.account FROM payments_attempt_now a
"""


@dataclass
class World:
    """Everything a seed draws."""

    seed: int
    folder: Path
    chance: random.Random = field(init=False)
    clock: SimulatedClock = field(init=False)
    engine: SimulatedEngine = field(init=False)
    banks: dict[str, SimulatedBank] = field(init=False)
    owed: dict[int, list[Owed]] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.clock = SimulatedClock(JULY_1)
        self.engine = SimulatedEngine(self.clock, self.chance, self.chance.choice([0, 0.02, 0.1]))
        self.banks = {code: self._bank(code) for code in (VCB, BIDV)}
        self._people()

    def _bank(self, code: str) -> SimulatedBank:
        draw, chance = self.chance.random, self.chance
        can_ask = draw() < 0.8
        refuses = draw() < 0.4 or not can_ask
        faults = Faults(
            refuses_duplicates=float(refuses),
            silent_days=float(chance.choice([0, 0, 0, 1, 4])),
            answer_twice=float(draw() < 0.3),
            hole=float(draw() < 0.2),
            refuse_file=float(draw() < 0.05),
        )
        dark = JULY_1 + timedelta(minutes=chance.randrange(240)) if draw() < 0.3 else None
        lose_request, lose_answer, late = (chance.choice([0, 0, 0.2, 0.5]) for _ in range(3))
        line = Line(lose_request, lose_answer, late, self.engine.crash_rate, draw() / 2, dark)
        bank = Bank(self.folder, code, faults, ordinary_refusals=False)
        bank.store.keep("day", JULY_1.date().isoformat())
        bank.deposit(10_000_000_000, "T")
        abilities = Abilities(can_ask=can_ask, refuses_duplicates=refuses, lateness_max=LATENESS_MAX)
        return SimulatedBank(bank, abilities, line, self.clock, chance, lambda p, d: row(_HAS, [p, d]) is not None)

    def _people(self) -> None:
        for person in range(1, self.chance.randint(3, 8)):
            ending = self.chance.choice(ENDINGS)
            account = f"9999{person:06}{ending}" if self.chance.random() < 0.8 else None
            if account and ending == "0040":
                self.twice.add(account)
            name = self.chance.choice(["Nguyễn Văn An", "Đỗ  Thị Đào", "Nguyễn Văn Ân"])
            add_payee(person, account, bank=self.chance.choice([VCB, BIDV]), name=name)
        for month in (202507, 202508)[: self.chance.choice([1, 1, 2])]:
            owed = [
                Owed(person, self.chance.randrange(1, 5_000_000), month)
                for (person,) in rows("SELECT person_id FROM people_person ORDER BY 1")
            ]
            # Two benefits of one person and of one sum are lawful; so are corrections, larger than the benefit now and then.
            extra = [
                Owed(one.person_id, one.amount, month, 2, kind="cadre") for one in owed if self.chance.random() < 0.2
            ]
            less = [
                Owed(one.person_id, -self.chance.randrange(1, 2 * one.amount), month - 1, correction=1)
                for one in owed
                if self.chance.random() < 0.15
            ]
            self.owed[month] = owed + extra + less

    def select(self, run: Run) -> str:
        """Return what is owed by the freezes of a run's months."""
        return owed_select([one for month in run.months for one in self.owed[month]])

    @contextmanager
    def desk(self, officer: str | None) -> Iterator[Desk]:
        """Somebody at work: the worker itself, or the officer who handed the run over."""
        partners = {POST: Partner(DropFolder(POST, self.folder / "partners", ".csv"), *list_forms())}
        for code, bank in self.banks.items():
            writer = CreditTransferWriter(Payer("Bảo hiểm xã hội Việt Nam", bank.bank.account, code))
            partners[code] = Partner(bank, writer, AnswerReader())
        yield Desk(MAKER if officer else TREASURER, REASON, self.clock, self.folder / "secrets", partners)

    def live(self) -> None:
        """Live until nothing moves any more, or the days are over."""
        wiring = Wiring(self.desk, self.select, pauses=Pauses())
        for name, queue, function in (
            (carrying.RUN, "runs", carrying.carry_run),
            (carrying.BATCH, "partners", carrying.carry_batch),
            (carrying.TAKE, "partners", carrying.take),
            (carrying.FILE, "files", carrying.match),
            (carrying.COLLECT, "rhythms", carrying.collect),
        ):
            verbs.declare(name, queue, partial(function, wiring))
        with self.engine.at_work():
            hour = 0
            while hour < DAYS * 24:
                self._hour(hour)
                hour += 1 if hour < BUSY_HOURS else 12
                self.clock.moment = JULY_1 + timedelta(hours=hour)
                if hour >= BUSY_HOURS and self._all_over():
                    break
            self.engine.crash_rate = 0

    def _hour(self, hour: int) -> None:
        for place, month in enumerate(self.owed):
            if hour == place * 240:
                self._hand_over(month)
        # Within the hour the line clears up and workers come back: asks come after minutes, not after days.
        for minute in (0, 3, 25, 50) if hour < BUSY_HOURS else (0, 40):
            self.clock.moment = JULY_1 + timedelta(hours=hour, minutes=minute)
            for _ in range(6):
                if not self.engine.turn():
                    break
            for bank in self.banks.values():
                bank.live()
        self._people_act(hour)
        if hour % 6 == 0:
            live_post(self.folder / "partners", self.clock.moment.date(), self.chance)
            verbs.enqueue(carrying.COLLECT, f"collect:{hour}", "rhythms")

    def _hand_over(self, month: int) -> None:
        order = RunOrder(date(month // 100, month % 100, 2), (month,), "Quyết định thử")
        run_id = operations.create_run(actor=MAKER, reason=REASON, clock=self.clock, order=order)
        for _ in range(self.chance.choice([1, 2])):  # two officers may press it at once
            operations.build_run(
                actor=MAKER,
                reason=REASON,
                clock=self.clock,
                run_id=run_id,
                owed=owed_select(self.owed[month]),
                by_worker=True,
            )

    def _people_act(self, hour: int) -> None:
        """Sign what waits, in any order and by anybody first; put right an account, die, look at cases."""
        for (run_id,) in rows(_TO_SIGN):
            for _ in range(3):
                self._sign(run_id)
        for (run_id,) in rows(_NOTHING_TO_SEND):
            operations.abort_run(actor=MAKER, reason=REASON, clock=self.clock, run_id=run_id)
        if self.chance.random() < 0.1:
            self._something_happens()
        if hour % 12 == 0:
            for case in open_cases():
                operations.settle_case(
                    actor=MAKER,
                    reason=REASON,
                    clock=self.clock,
                    person_id=case.person_id,
                    case_id=case.case_id,
                    outcome="đã xem xét",
                )

    def _sign(self, run_id: int) -> None:
        """Three people in any order, and now and then one who may not."""
        by: dict[str, Any] = {"reason": REASON, "clock": self.clock, "run_id": run_id}
        secrets = self.folder / "secrets"
        first, second = self.chance.choice([FIRST, MAKER]), self.chance.choice([SECOND, FIRST])
        acts = [
            lambda: operations.approve_run(actor=first, secrets=secrets, **by),
            lambda: operations.authorise_run(actor=second, secrets=secrets, **by),
            lambda: operations.fund_run(actor=TREASURER, **by),
        ]
        for act in self.chance.sample(acts, len(acts)):
            _try(act)

    def _something_happens(self) -> None:
        found = rows("SELECT person_id FROM people_person ORDER BY 1")
        person = self.chance.choice(found)[0]
        what = self.chance.choice(["died", "moved", "account", "name", "resume"])
        if what == "died":
            execute("UPDATE people_person SET died_on = %s WHERE person_id = %s", [self.clock.moment.date(), person])
        elif what == "moved":
            execute("UPDATE people_person SET province = '79' WHERE person_id = %s", [person])
        elif what == "name":
            execute("UPDATE people_person SET full_name = 'Ai Đó' WHERE person_id = %s", [person])
        elif what == "account":
            execute(
                "UPDATE payments_account SET until_month = 202501 WHERE person_id = %s AND until_month IS NULL",
                [person],
            )
            add_account(person, f"9999{person:05}{self.chance.randrange(10)}0099", bank=self.chance.choice([VCB, BIDV]))
        else:
            for (run_id,) in rows(_RUNS):
                _try(partial(self._resume, run_id, person))

    def _resume(self, run_id: int, person: int) -> None:
        operations.hold_order(
            actor=MAKER, reason=REASON, clock=self.clock, run_id=run_id, person_id=person, verb="resume"
        )

    def _all_over(self) -> bool:
        returns = any(
            number_of
            for bank in self.banks.values()
            for number_of in [bank.bank.store.number("SELECT count(*) FROM payment WHERE return_on IS NOT NULL")]
        )
        made = number("SELECT count(*) FROM payments_run") == len(self.owed)
        return made and not returns and all(run_state(run_id) in _OVER for (run_id,) in rows(_RUNS))


def _try(act: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            act()
    except Refusal:
        return


def judge(world: World) -> None:
    """Hold our books against those of banks and post, and every sum against every other."""
    broken = [one for one in checks() if not one.ok and one.name != "payments.banks_paid_once"]
    assert not broken, broken
    for (run_id,) in rows(_RUNS):
        wrong = [one for one in differences_of(run_id) if not one.zero]
        assert not wrong, wrong
        assert run_state(run_id) in _OVER, (
            run_state(run_id),
            rows("SELECT state, tries FROM payments_batch"),
            open_cases(),
        )
    assert number("SELECT coalesce(sum(amount), 0) FROM payments_posting") == 0
    net: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for bank in world.banks.values():
        for name, amount in bank.bank.store.rows("SELECT end_to_end_id, amount FROM credit"):
            net[str(name)] += int(str(amount))
            times[str(name)] += int(str(amount)) > 0
        sent = bank.bank.store.rows("SELECT count(DISTINCT sha256) FROM message GROUP BY message_id")
        assert set(sent) <= {(1,)}, "one message, other bytes"
    by_post = _handed_out(world)
    for name, amount, state, channel, _, account in rows(_ATTEMPTS):
        if account in world.twice:
            assert times[name] in {0, 2}
            continue
        assert times[name] <= 1, f"{name} was credited {times[name]} times"
        got = by_post[name] if channel != "account" else net[name]
        if state == 30:
            # What came back under no name, or not in full, a person has looked at: our books say paid until then.
            assert got in {amount, 0, 1_000}, (name, amount, got)
        else:
            assert got in {0, 1_000}, (name, state, got)
    _same_files_again(world)


def _handed_out(world: World) -> Counter[str]:
    found: Counter[str] = Counter()
    for book in (world.folder / "partners").glob("P*/paid.csv"):
        with book.open(encoding="utf-8", newline="") as lines:
            for name, amount in csv.reader(lines):
                assert name not in found, f"{name} was handed out twice"
                found[name] += int(amount)
    return found


def _same_files_again(world: World) -> None:
    """Every inbound file once more, one after another: nothing new is entered."""
    tables = ("payments_event", "payments_posting", "payments_case", "payments_message")
    before = [number(f"SELECT count(*) FROM {table}") for table in tables]
    with world.desk(None) as desk:
        for code, bank in world.banks.items():
            for one in bank.bank.store.files(0, 10_000):
                body = bank.bank.store.file(one.file_no)
                assert body is not None
                operations.take_file(
                    actor=desk.actor,
                    reason=REASON,
                    clock=world.clock,
                    partner=code,
                    file=operations.Received(one.name, body),
                    answers=AnswerReader().read(body),
                )
    after = [number(f"SELECT count(*) FROM {table}") for table in tables]
    assert before[:2] == after[:2]
