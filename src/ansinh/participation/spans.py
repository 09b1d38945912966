"""Spans as rows: what was known at a moment, and how a change to months is written without rewriting anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.participation.timeline import OPEN, Piece, Terms, month_before, piece_in
from ansinh.people.queries import records_of, resolve

# A life of work with a change every month for eighty years.
SPANS_A_PERSON_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Span:
    """Months `from_month` (in) until `until_month` (out; None while they go on) with one employer, scheme and wage, and what the employer is."""

    person_id: int
    span_id: int
    employer_id: int | None
    scheme: str
    unemployment: bool
    from_month: int
    until_month: int | None
    wage: int
    rate: int | None
    pay: str | None
    work: str
    source: str | None
    recorded_at: datetime
    employer_code: str | None
    employer_name: str | None
    employer_kind: str | None
    region: int | None

    @property
    def end(self) -> int:
        """Return the first month out, `OPEN` while the span goes on."""
        return OPEN if self.until_month is None else self.until_month

    @property
    def terms(self) -> Terms:
        """Return what the months of the span have in common."""
        return Terms(self.wage, self.unemployment, self.work, self.pay, self.rate)

    @property
    def piece(self) -> Piece:
        """Return the span as a piece of a timeline."""
        return Piece(self.from_month, self.end, self.terms)


_READ = """
SELECT s.person_id, s.span_id, s.employer_id, s.scheme, s.unemployment, s.from_month, s.until_month, s.wage, s.rate, s.pay, s.work, s.source,
       s.recorded_at, e.code, e.name, e.kind, e.region
FROM participation_span s LEFT JOIN participation_employer e USING (employer_id)
WHERE s.person_id = ANY(%(persons)s) AND {known}
ORDER BY s.person_id, s.from_month, s.span_id LIMIT %(length)s
"""
_KNOWN_THEN = "s.recorded_at <= %(at)s AND (s.superseded_at IS NULL OR s.superseded_at > %(at)s)"
_KNOWN_NOW = "s.superseded_at IS NULL"
_OF_EMPLOYER = "s.scheme = %(scheme)s AND s.employer_id IS NOT DISTINCT FROM %(employer)s"


def moment_of(known_on: date | datetime) -> datetime:
    """Return the moment up to which something counts as known: the very moment, or the end of a legal day."""
    if isinstance(known_on, datetime):
        return known_on
    next_day = datetime(known_on.year, known_on.month, known_on.day, tzinfo=VIET_NAM) + timedelta(days=1)
    return next_day - timedelta(microseconds=1)


def spans_known(person_ids: Sequence[int], known_on: date | datetime) -> list[Span]:
    """Return the spans of records as they were known then, in order of person and month."""
    values = {"persons": list(person_ids), "at": moment_of(known_on), "length": SPANS_A_PERSON_MAX * len(person_ids)}
    return [Span(*one) for one in rows(_READ.format(known=_KNOWN_THEN), values)]


def spans_in_force(person_id: int, employer_id: int | None, scheme: str) -> list[Span]:
    """Return what is in force of a person with an employer in a scheme."""
    values = {"persons": [person_id], "employer": employer_id, "scheme": scheme, "length": SPANS_A_PERSON_MAX}
    return [Span(*one) for one in rows(_READ.format(known=f"{_KNOWN_NOW} AND {_OF_EMPLOYER}"), values)]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose months are changed: of a person with an employer (None: none) in a scheme."""

    person_id: int
    employer_id: int | None
    scheme: str = "compulsory"


def owner_told(owner: Owner, month: int, records: Sequence[int] = ()) -> Owner:
    """Return whose record tells a person's months with an employer: after a merge they may stand under the record that was merged.

    Of several, the one with the month, or the month before; the person's own where none has any. `records` are all records of the person, where the
    caller knows them.
    """
    known = records or records_of(resolve(owner.person_id))
    told = [
        (record, [one.piece for one in spans_in_force(record, owner.employer_id, owner.scheme)]) for record in known
    ]
    told = [(record, pieces) for record, pieces in told if pieces]
    near = [record for record, pieces in told if piece_in(pieces, month) or piece_in(pieces, month_before(month))]
    chosen = near or [record for record, _ in told] or [known[0]]
    return replace(owner, person_id=chosen[0])


def lock(person_id: int) -> None:
    """Let one writer at a time change a person's spans; the same lock the database's own rule takes."""
    execute("SELECT pg_advisory_xact_lock(hashtext('participation.spans'), (%s %% 2147483647)::integer)", [person_id])


def rewrite(owner: Owner, after: Sequence[Piece], source: str, now: datetime) -> int:
    """Let the owner's months be `after`: what is no longer there is superseded, what is new is added; returns how many rows changed.

    What is recorded is always later than what it supersedes, also under a clock that stands still.
    """
    before = spans_in_force(owner.person_id, owner.employer_id, owner.scheme)
    kept, missing = _matched(before, after)
    ended = [one.span_id for one in before if one.span_id not in kept]
    if not ended and not missing:
        return 0
    latest = max((one.recorded_at for one in before if one.span_id in ended), default=now)
    moment = max(now, latest + timedelta(microseconds=1)) if ended else now
    if ended:
        execute(
            "UPDATE participation_span SET superseded_at = %s, superseded_by = %s WHERE person_id = %s AND span_id = ANY(%s) AND superseded_at IS NULL",
            [moment, source, owner.person_id, ended],
        )
    next_id = number(
        "SELECT coalesce(max(span_id), 0) + 1 FROM participation_span WHERE person_id = %s", [owner.person_id]
    )
    for span_id, piece in enumerate(missing, start=next_id):
        execute(_INSERT, [owner.person_id, span_id, owner.employer_id, owner.scheme, *_columns(piece), source, moment])
    return len(ended) + len(missing)


_INSERT = """
INSERT INTO participation_span
    (person_id, span_id, employer_id, scheme, from_month, until_month, wage, unemployment, work, pay, rate, source, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _columns(piece: Piece) -> tuple[int | str | bool | None, ...]:
    terms = piece.terms
    until = None if piece.end == OPEN else piece.end
    return piece.start, until, terms.wage, terms.unemployment, terms.work, terms.pay, terms.rate


def _matched(before: Sequence[Span], after: Sequence[Piece]) -> tuple[set[int], list[Piece]]:
    """Return which rows stay, and which pieces no row says yet."""
    waiting: dict[Piece, list[int]] = defaultdict(list)
    for one in before:
        waiting[one.piece].append(one.span_id)
    kept, missing = set(), []
    for piece in after:
        if waiting[piece]:
            kept.add(waiting[piece].pop())
        else:
            missing.append(piece)
    return kept, missing


def written_by(owner: Owner, source: str) -> tuple[list[Piece], list[Piece]]:
    """Return what a line or request superseded, and what it recorded."""
    values = {"persons": [owner.person_id], "employer": owner.employer_id, "scheme": owner.scheme, "by": source}
    values["length"] = SPANS_A_PERSON_MAX
    superseded = rows(_READ.format(known=f"s.superseded_by = %(by)s AND {_OF_EMPLOYER}"), values)
    recorded = rows(_READ.format(known=f"s.source = %(by)s AND {_OF_EMPLOYER}"), values)
    return [Span(*one).piece for one in superseded], [Span(*one).piece for one in recorded]
