"""Two provinces with three communes, payees of the payments tests who live there, and posts that keep their own books and may be without a network."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from ansinh.database.sql import execute, row, rows
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments import operations
from ansinh.payments.answers.listing import ListReader
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received
from ansinh.payments.handover.listing import ListWriter
from ansinh.payments.operations import Bank, RunOrder
from ansinh.relief import operations as relief
from ansinh.relief import procedures
from ansinh.relief.operations import NewEmergency
from tests.payments.world import FIRST, MAKER, REASON, SECOND, TREASURER, BankDouble, add_account, officer

JULY_5 = datetime(2025, 7, 5, 9, tzinfo=VIET_NAM)
CLOCK = FixedClock(JULY_5)
CHECKER = officer("hanoi.minh", "payment_approver")
MACHINE = officer("worker", "operator")
WARD, VILLAGE, OTHER = "00004", "00008", "00012"
_PLACES = (
    ("province", "01", "01", None),
    ("province", "02", "02", None),
    ("commune", WARD, "01", "01"),
    ("commune", VILLAGE, "01", "01"),
    ("commune", OTHER, "02", "02"),
)


def add_places() -> None:
    """Insert the provinces and communes."""
    for level, code, province, parent in _PLACES:
        execute(
            "INSERT INTO places_unit (level, code, edition, name, parent, province, urban, official_code)"
            " VALUES (%s, %s, 'since_july_2025', %s, %s, %s, false, %s) ON CONFLICT DO NOTHING",
            [level, code, f"Nơi {code}", parent, province, code],
        )


def add_person(person: int, account: str | None = None, *, commune: str = WARD, name: str = "Nguyễn Văn An") -> int:
    """Insert a payee who lives in a commune, with a confirmed account if one is given."""
    province = "02" if commune == OTHER else "01"
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, commune, province, recorded_on)"
        " VALUES (%s, %s, 'M', 1950, %s, %s, '2015-01-01')",
        [person, name, commune, province],
    )
    if account:
        add_account(person, account, holder=name)
    return person


def owed(*persons: int, months: Sequence[int] = (202507,), amount: int = 1_000_000) -> str:
    """Return, as the SELECT of the room above, that each person is owed the amount (and their number) in each month."""
    values = ", ".join(f"({person}::bigint, {month})" for person in persons for month in months)
    return (
        f"SELECT v.person_id, 1::bigint AS entitlement_id, 'base' AS component, v.month, 0 AS correction, ({amount} + v.person_id)::bigint AS amount,"
        " 'pension' AS kind, p.province, p.commune, false AS urban"
        f" FROM (VALUES {values}) AS v (person_id, month) JOIN people_person p USING (person_id)"
    )


def build(run_id: int, select: str) -> None:
    """Build a run to its end."""
    while operations.build_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id, owed=select).left:
        pass


def normal_run(select: str, month: int = 202507, pay_on: date = date(2025, 7, 4)) -> int:
    """Return the monthly run, built."""
    order = RunOrder(pay_on, (month,), "Quyết định thử")
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=CLOCK, order=order)
    build(run_id, select)
    return run_id


def sign(run_id: int, secrets: Path) -> None:
    """Check, approve, authorise and fund a run, or its re-routed attempts."""
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    operations.approve_run(actor=FIRST, reason=REASON, clock=CLOCK, run_id=run_id, secrets=secrets)
    operations.authorise_run(actor=SECOND, reason=REASON, clock=CLOCK, run_id=run_id, secrets=secrets)
    operations.fund_run(actor=TREASURER, reason=REASON, clock=CLOCK, run_id=run_id)


def storm(**changes: object) -> NewEmergency:
    """Return a declaration: province 01, accounts where there are any, else home."""
    declared: dict[str, object] = {
        "name": "Bão thử",
        "act": "Công văn thử",
        "from_on": date(2025, 7, 1),
        "until_on": date(2025, 8, 1),
        "provinces": ("01",),
        "otherwise": "home",
    }
    return NewEmergency(**{**declared, **changes})  # type: ignore[arg-type]  # by name, of several types


def in_force(**changes: object) -> int:
    """Return an emergency declared and approved."""
    emergency = relief.declare_emergency(actor=MAKER, reason=REASON, clock=CLOCK, new=storm(**changes))
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    return emergency


def apply(emergency: int, run_id: int, posts: Mapping[str, Bank] | None = None) -> procedures.Applied:
    """Recall what the posts have, and divert."""
    desk = procedures.Desk(MAKER, MACHINE, REASON, CLOCK, posts or {})
    return procedures.apply(desk, emergency, run_id)


ASKED = Abilities(can_ask=True, refuses_duplicates=True, lateness_max=timedelta(minutes=30))


@dataclass
class PostDouble:
    """A province's post: lists as they came, what was handed out, and whether it can be reached at all."""

    partner: str
    network: bool = True
    recall_says: Recalled = Recalled.CONFIRMED
    lists: dict[str, bytes] = field(default_factory=dict)
    copies: int = 0
    handed_out: dict[str, int] = field(default_factory=dict)
    abilities: Abilities = ASKED

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Take a list."""
        self._reach()
        assert self.lists.get(message_id, body) == body, "another list under an id the post has"
        self.lists[message_id] = body
        self.copies += 1
        return Receipt(Delivered.TAKEN)

    def ask(self, message_id: str) -> Knows:
        """Say whether a list is known."""
        self._reach()
        return Knows.KNOWN if message_id in self.lists else Knows.NOT_KNOWN

    def collect(self) -> Iterator[Received]:
        """Have nothing ready; tests tell answers themselves."""
        yield from ()

    def recall(self, message_id: str) -> Recalled:
        """Give a list back, or not."""
        self._reach()
        return self.recall_says

    def _reach(self) -> None:
        if not self.network:
            raise PartnerTrouble(self.partner, "no network", temporary=True)


def carry(
    run_id: int,
    partners: Mapping[str, Bank],
    secrets: Path,
    clock: FixedClock = CLOCK,
    but: Collection[int] = (),
) -> dict[str, str]:
    """Hand every ready batch over, each as procedures do, and return its partner's new state; `but` those that wait."""
    done = {}
    ready = rows(
        "SELECT batch_id, partner FROM payments_batch WHERE run_id = %s AND state = 'ready' ORDER BY batch_id", [run_id]
    )
    for batch_id, partner in ready:
        if batch_id in but:
            continue
        told = operations.begin_try(
            actor=TREASURER, reason=REASON, clock=clock, batch_id=batch_id, writer=ListWriter(), secrets=secrets
        )
        try:
            outcome = {Delivered.TAKEN: "taken", Delivered.REFUSED: "refused"}[
                partners[partner].deliver(told.body, told.message_id).delivered
            ]
        except PartnerTrouble:
            outcome = "no_answer"
        done[partner] = operations.end_try(
            actor=TREASURER, reason=REASON, clock=clock, batch_id=batch_id, outcome=outcome
        ).value
    return done


def collect(bank: BankDouble) -> None:
    """Take in what a bank double laid ready."""
    from tests.payments.world import AnswerReader  # noqa: PLC0415

    for file in bank.collect():
        take(bank.partner, file, AnswerReader().read(file.body))


def take(partner: str, file: Received, answers: object) -> int:
    """Take in and match a file; returns its number."""
    taken = operations.take_file(
        actor=TREASURER,
        reason=REASON,
        clock=CLOCK,
        partner=partner,
        file=file,
        answers=answers,  # type: ignore[arg-type]  # whatever the reader yields
    )
    while operations.match_file(actor=TREASURER, reason=REASON, clock=CLOCK, message_no=taken.message_no).left:
        pass
    return taken.message_no


def post_tells(post: PostDouble, outcomes: Mapping[int, str], message_id: str | None = None) -> int:
    """Let a post tell by line what became of its list: person's number is the amount's end, see `owed`."""
    message_id = message_id or next(reversed(post.lists))
    text = io.StringIO()
    told = csv.writer(text, lineterminator="\n")
    told.writerow(["ansinh-answers-1"])
    for line in list_lines(post.lists[message_id]):
        outcome = outcomes.get(int(line[4]) % 1_000)
        if outcome is None:
            continue
        if outcome == "paid":
            post.handed_out[line[1]] = post.handed_out.get(line[1], 0) + int(line[4])
        told.writerow([line[1], outcome, f"{message_id}/{line[0]}", "", line[4], JULY_5.isoformat()])
    body = text.getvalue().encode()
    return take(post.partner, Received(f"{message_id}.csv", body), ListReader().read(body))


def list_lines(body: bytes) -> list[list[str]]:
    """Return the payments of a list."""
    return list(csv.reader(io.StringIO(body.decode(), newline="")))[1:-1]


def attempts(run_id: int) -> list[tuple[int, int, str, int]]:
    """Return (person, attempt, channel, state) of a run's attempts."""
    return [
        tuple(one)
        for one in rows(
            "SELECT person_id, attempt_no, channel, state FROM payments_attempt_now WHERE run_id = %s ORDER BY 1, 2",
            [run_id],
        )
    ]


def paid_out(person: int) -> int:
    """Return what our books say a person was paid, in đồng."""
    found = row(
        "SELECT coalesce(sum(amount), 0)::bigint FROM payments_attempt_now WHERE person_id = %s AND state = 30",
        [person],
    )
    assert found is not None
    return int(found[0])
