"""What may be done in the room: settle what facilities submitted, and decide whom a waiting entry is about."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.healthbook import certificates
from ansinh.healthbook.events import Means, Packs
from ansinh.healthbook.intake import claims, packing
from ansinh.healthbook.intake.claims import Claim
from ansinh.healthbook.intake.entries import Entry, Said
from ansinh.healthbook.intake.identity import identify, people_of
from ansinh.healthbook.intake.packing import Packed
from ansinh.healthbook.intake.settling import Chunk
from ansinh.healthbook.queries import Registered
from ansinh.people.queries import resolve
from ansinh.places.queries import facility as facility_of_code

WAITING_AT_ONCE_MAX = 1_000
MONTHS_AHEAD = 13
_NO_MOMENT_NEEDED = 2000


@dataclass(frozen=True, slots=True)
class Settled:
    """How many submissions of a claim came to which state."""

    states: dict[str, int]

    @property
    def submissions(self) -> int:
        """Return how many were settled."""
        return sum(self.states.values())


@operation(permission="healthbook.settle")
def claim_submissions(*, actor: Actor, reason: str, clock: Clock, length: int = claims.SUBMISSIONS_MAX) -> Claim | None:
    """Claim what waits longest, before anything of it is read; None when nothing waits. Claims of workers that died are taken over, as suspects."""
    claimed = claims.claim(clock.now(), length)
    note(claimed=len(claimed.numbers) if claimed else 0)
    return claimed


@operation(permission="healthbook.settle")
def settle_claim(*, actor: Actor, reason: str, clock: Clock, claim: Claim, means: Means) -> Settled:
    """Read, judge, place and write what was claimed, and end the claim: one commit. Raises MetAnother when another worker made an episode meanwhile."""
    settled = Chunk(claim.numbers, clock.now(), means).settle()
    claims.release(claim.claim_no)
    states = dict(Counter(str(one.state) for one in settled))
    note(**{f"submissions_{state}": count for state, count in states.items()})
    return Settled(states)


@operation(permission="healthbook.settle")
def give_up_claim(*, actor: Actor, reason: str, claim_no: int) -> None:
    """End a claim of one's own that nothing came of, through no fault of what it held: the connection was lost."""
    claims.release(claim_no)
    note(claim=claim_no)


@operation(permission="healthbook.settle")
def match_waiting(*, actor: Actor, reason: str, clock: Clock, length: int = WAITING_AT_ONCE_MAX) -> int:
    """Look again at entries about somebody not known for sure: those whose numbers, name and birth agree with one person now are placed, and go into
    the book at the next settling. Returns how many."""
    waiting = rows(
        "SELECT facility, receipt, entry, said FROM healthbook_unplaced WHERE state = 'open' ORDER BY opened_at LIMIT %s FOR UPDATE SKIP LOCKED",
        [min(length, WAITING_AT_ONCE_MAX)],
    )
    told = [_said(said) for *_, said in waiting]
    now = clock.now()
    known = people_of(Entry("", said, now, _NO_MOMENT_NEEDED) for said in told)
    placed = 0
    for (facility, receipt, entry, _), said in zip(waiting, told, strict=True):
        found = identify(said, known)
        if found.person_id is not None:
            _decide(facility, receipt, entry, "placed", found.person_id, "matching", clock)
            placed += 1
    note(looked_at=len(waiting), placed=placed)
    return placed


@operation(permission="healthbook.place")
def place_entry(
    *, actor: Actor, reason: str, clock: Clock, facility: str, receipt: str, entry: int, person_id: int
) -> None:
    """Decide whom a waiting entry is about; it goes into that person's book at the next settling. Refuses `not_found`: no such entry waits, no such person."""
    person = resolve(person_id)
    if row("SELECT 1 FROM people_person WHERE person_id = %s", [person]) is None:
        raise NotFound("Không có hồ sơ này.", "There is no such record.", person_id=person_id)
    _decide(facility, receipt, entry, "placed", person, actor.reference, clock)
    note(person=person, facility=facility, entry=entry)


@operation(permission="healthbook.place")
def dismiss_entry(*, actor: Actor, reason: str, clock: Clock, facility: str, receipt: str, entry: int) -> None:
    """Decide that nobody can be found for a waiting entry: the facility is told to correct and send again. Refuses `not_found`: no such entry waits."""
    _decide(facility, receipt, entry, "dismissed", None, actor.reference, clock)
    note(facility=facility, entry=entry)


@operation(permission="healthbook.settle")
def try_parked_again(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Let parked submissions be read again, after what was wrong with us was mended; returns how many."""
    again = execute(
        "UPDATE healthbook_submission SET state = 'received', settled_at = NULL, tries = 0 WHERE state = 'parked'"
    )
    note(submissions=again)
    return again


@operation(permission="healthbook.pack")
def pack_away(*, actor: Actor, reason: str, clock: Clock, before: date, packs: Packs) -> Packed | None:
    """Move raw bytes of settled submissions of months that ended before a day into one pack, at most PACK_BYTES_MAX of one month; None when none is left.

    The pack is read back and compared before the bytes leave the database. Raises PartnerTrouble: then nothing has moved.
    """
    packed = packing.pack(before, packs, clock.now())
    if packed is not None:
        note(members=packed.members, bytes=packed.bytes)
    return packed


@operation(permission="healthbook.settle")
def prepare_months(*, actor: Actor, reason: str, clock: Clock) -> None:
    """Make the partitions that submissions and books of the next MONTHS_AHEAD months go into, where they are missing. Safe to run twice."""
    first = legal_day(clock.now()).replace(day=1)
    months = [first.year * 12 + first.month - 1 + ahead for ahead in range(MONTHS_AHEAD + 1)]
    for month in months:
        execute("SELECT healthbook_ensure_month(%s)", [month // 12 * 100 + month % 12 + 1])
    for year in sorted({month // 12 for month in months}):
        execute("SELECT healthbook_ensure_year(%s)", [year])


@operation(permission="healthbook.certify")
def register_certificate(*, actor: Actor, reason: str, clock: Clock, facility: str, content: bytes) -> Registered:
    """Register a certificate (PEM or DER) that a facility signs its papers with; one that is registered stays as it is.

    From then on papers signed by another key are refused, line by line. Refuses an unknown facility (`not_found`); what is no certificate, is too weak,
    expired or withdrawn, and more than CERTIFICATES_MAX in force (`invalid_input`). Signatures of papers: Circular 25/2025/TT-BYT.
    """
    if facility_of_code(facility) is None:
        raise NotFound(
            f"Không có cơ sở mã “{facility[:10]}”.", f"There is no facility “{facility[:10]}”.", field="facility"
        )
    registered = certificates.keep(facility, certificates.read(content), actor.named(), clock.now())
    note(facility=facility, fingerprint=registered.fingerprint)
    return registered


@operation(permission="healthbook.certify")
def withdraw_certificate(*, actor: Actor, reason: str, clock: Clock, facility: str, fingerprint: str) -> None:
    """Take a facility's certificate out of use from now on: its key was lost, or its holder has left. What was received before stays proven.

    Refuses one that is not registered (`not_found`), and a reason longer than is kept (`invalid_input`).
    """
    if len(reason) > certificates.REASON_LENGTH_MAX:
        raise InvalidInput(
            f"Ghi lý do trong {certificates.REASON_LENGTH_MAX} ký tự.",
            f"Say why in at most {certificates.REASON_LENGTH_MAX} characters.",
            field="reason",
        )
    certificates.withdraw(facility, fingerprint.lower(), actor.named(), reason, clock.now())
    note(facility=facility, fingerprint=fingerprint.lower())


def _decide(facility: str, receipt: str, entry: int, state: str, person_id: int | None, by: str, clock: Clock) -> None:
    decided = execute(
        "UPDATE healthbook_unplaced SET state = %s, person_id = %s, decided_by = %s, decided_at = %s "
        "WHERE facility = %s AND receipt = %s AND entry = %s AND state = 'open'",
        [state, person_id, by, clock.now(), facility, receipt, entry],
    )
    if not decided:
        raise NotFound(
            "Không có mục nào đang chờ với mã giao dịch này.", "No entry of this receipt waits.", receipt=receipt
        )
    execute(
        "UPDATE healthbook_submission SET state = 'received', settled_at = NULL WHERE facility = %s AND receipt = %s AND state = 'waiting'",
        [facility, receipt],
    )


def _said(said: object) -> Said:
    told = json.loads(said) if isinstance(said, str) else said
    assert isinstance(told, dict)
    numbers = tuple((str(scheme), str(value)) for scheme, value in told["numbers"])
    return Said(numbers, str(told["name"]), str(told["born"]), str(told.get("sex", "")))
