"""A run carried out step by step: built chunk by chunk, handed over batch by batch, answers collected. Every step may run twice.

No partner is called with a transaction open. Whoever drives these steps (a command, a durable workflow) needs nothing but the run's number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import VIET_NAM, Clock
from ansinh.foundation.errors import PartnerTrouble, Refusal
from ansinh.payments import operations
from ansinh.payments.answers.listing import ListReader
from ansinh.payments.answers.told import Reader
from ansinh.payments.handover.bank import Bank, Delivered, Knows, Writer
from ansinh.payments.handover.listing import ListWriter
from ansinh.payments.operations.handing import LOST_AFTER
from ansinh.payments.states import BatchState

CHUNKS_MAX = 100_000
FILES_MAX = 1_000
_OUTCOMES = {Delivered.TAKEN: "taken", Delivered.REFUSED: "refused"}


@dataclass(frozen=True)
class Partner:
    """A bank or a province's post: how it is reached, and which forms it writes and reads."""

    bank: Bank
    writer: Writer
    reader: Reader
    open_on: Callable[[date], bool] = lambda day: True
    """Whether the partner's rail works on a day; its hours are in the bank's contract."""


@dataclass(frozen=True)
class Desk:
    """Who carries a run out, by which clock, with which key, through which partners."""

    actor: Actor
    reason: str
    clock: Clock
    secrets: Path
    partners: Mapping[str, Partner]


@dataclass
class Tally:
    """What one pass came to: batches by the state they ended in, files taken and known before, lines matched, partners that did not answer."""

    states: dict[str, int] = field(default_factory=dict)
    files: int = 0
    known_files: int = 0
    matched: int = 0
    silent: list[str] = field(default_factory=list)

    def count(self, state: BatchState) -> None:
        """Count a batch in the state it ended in."""
        self.states[state.value] = self.states.get(state.value, 0) + 1


def list_forms() -> tuple[Writer, Reader]:
    """Return the plain forms of messages and answers, for partners that know no other."""
    return ListWriter(), ListReader()


def build_all(
    desk: Desk, run_id: int, owed: str, advance: Callable[[int], None] = lambda done: None
) -> tuple[int, int]:
    """Build a run to its end and return orders and đồng built now; a mistake is kept beside the run, not in its state."""
    orders = amount = 0
    try:
        for _ in range(CHUNKS_MAX):
            built = operations.build_run(
                actor=desk.actor, reason=desk.reason, clock=desk.clock, run_id=run_id, owed=owed
            )
            orders, amount = orders + built.orders, amount + built.amount
            advance(1)
            if not built.left:
                break
    except Refusal:
        raise
    except Exception as error:
        _keep_error(run_id, "build", type(error).__name__)
        raise
    _keep_error(run_id, None, None)
    return orders, amount


def send_ready(desk: Desk, run_id: int) -> Tally:
    """Hand every ready batch of a run over, and ask after those that hang; a partner that is silent leaves its batch unknown and the others go on."""
    tally = Tally()
    chase(desk, run_id, tally)
    found = rows(
        "SELECT batch_id, partner FROM payments_batch WHERE run_id = %s AND state = 'ready' ORDER BY round, partner, number",
        [run_id],
    )
    for batch_id, name in found:
        partner = desk.partners.get(name)
        if partner is None:
            tally.silent.append(name)
        elif not is_open(partner, desk.clock.now()):
            tally.count(BatchState.READY)
        else:
            tally.count(hand_over(desk, batch_id, partner))
    return tally


def is_open(partner: Partner, moment: datetime) -> bool:
    """Tell whether a partner takes messages at a moment: by the hours and days of its contract, at the agency's time. Outside them the same bytes wait."""
    here, abilities = moment.astimezone(VIET_NAM), partner.bank.abilities
    return abilities.opens_hour <= here.hour < abilities.closes_hour and partner.open_on(here.date())


def hand_over(desk: Desk, batch_id: int, partner: Partner) -> BatchState:
    """Hand one batch over: intention committed, partner called, outcome committed. Returns the batch's state."""
    told = operations.begin_try(
        actor=desk.actor,
        reason=desk.reason,
        clock=desk.clock,
        batch_id=batch_id,
        writer=partner.writer,
        secrets=desk.secrets,
    )
    _require_no_transaction()
    if not _still_ours(batch_id, told.try_no):
        # This process stood still, and somebody else took the try for lost: what they found out holds, and nothing leaves from here.
        return BatchState(_state_of(batch_id)[0])
    try:
        receipt = partner.bank.deliver(told.body, told.message_id)
    except PartnerTrouble as trouble:
        return _end(desk, batch_id, "no_answer", trouble.what)
    return _end(desk, batch_id, _OUTCOMES[receipt.delivered], receipt.detail)


def chase(desk: Desk, run_id: int, tally: Tally) -> None:
    """Ask after batches whose answer is missing, and after those a lost worker left in the middle of a try."""
    lost = desk.clock.now() - LOST_AFTER
    hanging: list[tuple[int, str, str, datetime]] = rows(
        "SELECT batch_id, partner, state, tried_at FROM payments_batch WHERE run_id = %s AND state IN ('sending', 'unknown')",
        [run_id],
    )
    for batch_id, name, state, tried_at in hanging:
        partner = desk.partners.get(name)
        if partner is None or (state == BatchState.SENDING and tried_at > lost):
            continue
        if state == BatchState.SENDING:
            give_up_try(desk, batch_id)
        tally.count(ask_after(desk, batch_id, partner))


def give_up_try(desk: Desk, batch_id: int) -> BatchState:
    """Take a try whose worker never came back for unknown."""
    return _end(desk, batch_id, "no_answer", "the worker was lost")


def ask_after(desk: Desk, batch_id: int, partner: Partner) -> BatchState:
    """Ask a partner whether it has a batch that is unknown, and commit what it says. Returns the batch's state."""
    bank = partner.bank
    if not bank.abilities.can_ask:
        # Only a contract that duplicates are refused lets the same bytes go again unasked; else a person decides, with the next statement in hand.
        outcome = "not_known" if bank.abilities.refuses_duplicates else "busy"
        return operations.end_try(
            actor=desk.actor,
            reason=desk.reason,
            clock=desk.clock,
            batch_id=batch_id,
            outcome=outcome,
            abilities=bank.abilities,
        )
    _require_no_transaction()
    try:
        knows = bank.ask(_state_of(batch_id)[2])
    except PartnerTrouble:
        knows = Knows.BUSY
    return operations.end_try(
        actor=desk.actor,
        reason=desk.reason,
        clock=desk.clock,
        batch_id=batch_id,
        outcome=knows.value,
        abilities=bank.abilities,
    )


def collect_all(desk: Desk) -> Tally:
    """Take in and match what every partner laid ready; a partner that does not answer, or a file that cannot be read, stops nobody else."""
    tally = Tally()
    for name in desk.partners:
        collect_from(desk, name, tally)
    match_waiting(desk, tally)
    return tally


def collect_from(desk: Desk, name: str, tally: Tally | None = None) -> Tally:
    """Take in what one partner laid ready; matching it is another step."""
    tally, partner = tally or Tally(), desk.partners[name]
    _require_no_transaction()
    try:
        for number_of_file, file in enumerate(partner.bank.collect()):
            if number_of_file >= FILES_MAX:
                break
            taken = operations.take_file(
                actor=desk.actor,
                reason=desk.reason,
                clock=desk.clock,
                partner=name,
                file=file,
                answers=partner.reader.read(file.body),
            )
            tally.files += not taken.known
            tally.known_files += taken.known
    except PartnerTrouble:
        tally.silent.append(name)
    return tally


def match_waiting(desk: Desk, tally: Tally) -> None:
    """Match every file of which chunks are left, whoever took it in."""
    waiting = rows(
        "SELECT DISTINCT subject_id FROM payments_chunk WHERE subject = 'message' AND done_at IS NULL ORDER BY 1"
    )
    for (message_no,) in waiting:
        for _ in range(CHUNKS_MAX):
            done = operations.match_file(actor=desk.actor, reason=desk.reason, clock=desk.clock, message_no=message_no)
            tally.matched += done.matched
            if not done.left:
                break


def _still_ours(batch_id: int, try_no: int) -> bool:
    state, tries, _ = _state_of(batch_id)
    return state == BatchState.SENDING and tries == try_no


def _state_of(batch_id: int) -> tuple[str, int, str]:
    found = row("SELECT state, tries, message_id FROM payments_batch WHERE batch_id = %s", [batch_id])
    assert found is not None, f"there is no batch {batch_id}"
    return str(found[0]), int(found[1]), str(found[2])


def _end(desk: Desk, batch_id: int, outcome: str, detail: str) -> BatchState:
    return operations.end_try(
        actor=desk.actor, reason=desk.reason, clock=desk.clock, batch_id=batch_id, outcome=outcome, detail=detail[:200]
    )


def _keep_error(run_id: int, work: str | None, error: str | None) -> None:
    execute(
        "UPDATE payments_run SET work = %s, work_error = %s WHERE run_id = %s AND (work, work_error) IS DISTINCT FROM (%s, %s)",
        [work, error, run_id, work, error],
    )


def _require_no_transaction() -> None:
    """A partner may take minutes; nobody else must wait for our locks meanwhile."""
    if connection.in_atomic_block:
        raise AssertionError("a partner is never called inside a transaction")
