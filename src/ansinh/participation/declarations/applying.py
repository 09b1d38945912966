"""Lines applied to the book, one by one: nothing is rewritten, and what cannot be applied is kept with what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from ansinh.database.sql import row as found_row
from ansinh.foundation.clock import legal_day
from ansinh.participation.declarations.acting import months_after, terms_of
from ansinh.participation.declarations.files import Row
from ansinh.participation.declarations.limits import held
from ansinh.participation.declarations.lines import Act, Declared, Line, line_of
from ansinh.participation.declarations.troubles import PARKED, LineTrouble, Trouble, month_shown, trouble
from ansinh.participation.spans import Owner, lock, owner_told, rewrite, spans_in_force, written_by
from ansinh.participation.states import pay_of
from ansinh.participation.timeline import Piece, joined
from ansinh.people.queries import person_as_known, person_of_number, records_of

_SCHEMES = {10: "si_code", 12: "pin"}


@dataclass(frozen=True, slots=True)
class Employer:
    """Who declares."""

    employer_id: int
    code: str
    kind: str
    region: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: a state of `DeclarationLine`, about whom, and what there is to say."""

    row: Row
    state: str
    digest: str = ""
    act: str | None = None
    person_id: int | None = None
    troubles: tuple[Trouble, ...] = ()


@dataclass(slots=True)
class Applying:
    """A declaration being applied: its version, and which lines of its month were applied before, by digest → reference."""

    employer: Employer
    about: Declared
    version: int
    now: datetime
    applied: dict[str, str] = field(default_factory=dict)
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    records: list[int] = field(default_factory=list)

    def reference(self, line: int) -> str:
        """Return how a line is named: month, version and line."""
        return f"{self.about.month}/{self.version}:{line}"

    def source(self, reference: str) -> str:
        """Return how a line is named in spans."""
        return f"{self.employer.employer_id}/{reference}"

    def decide(self, row: Row) -> Outcome:
        """Apply a row, and return what became of it."""
        line, troubles = line_of(row, self.about)
        if line is None:
            return Outcome(row, "rejected", troubles=tuple(troubles))
        digest = line.digest()
        if before := self.applied.get(digest):
            same_file = before.startswith(f"{self.about.month}/{self.version}:")
            told = (trouble("duplicate_line", "line", line=before.rpartition(":")[2]),) if same_file else ()
            return Outcome(row, "unchanged", digest, line.act.value, troubles=told)
        try:
            person = self._person(line)
            lock(person)
            records = records_of(person)
            owner = owner_told(Owner(person, self.employer.employer_id), line.start, records)
            self.records = records
            with transaction.atomic():
                changed, warnings = self._apply(line, owner, self.source(self.reference(row.line)))
        except LineTrouble as found:
            state = "parked" if found.trouble.code in PARKED else "rejected"
            return Outcome(row, state, digest, line.act.value, troubles=(found.trouble,))
        except IntegrityError:
            return Outcome(row, "rejected", digest, line.act.value, troubles=(trouble("book_crossed", "number"),))
        if changed:
            self.applied[digest] = self.reference(row.line)
        return Outcome(
            row, "applied" if changed else "unchanged", digest, line.act.value, owner.person_id, tuple(warnings)
        )

    def _person(self, line: Line) -> int:
        person = person_of_number(_SCHEMES[len(line.number)], line.number)
        if person is None:
            raise LineTrouble(trouble("number_unknown", "number"))
        if line.full_name is not None:
            known = person_as_known(person, self.now)
            ours = (known.fields.get("full_name") if known else None) or ""
            if _plain(ours) != _plain(line.full_name):
                raise LineTrouble(trouble("name_differs", "full_name"))
        return person

    def _apply(self, line: Line, owner: Owner, source: str) -> tuple[int, list[Trouble]]:
        before = [one.piece for one in spans_in_force(owner.person_id, owner.employer_id, owner.scheme)]
        if line.act is Act.WITHDRAWAL:
            return self._withdraw(line, owner, before, source), []
        terms = terms_of(line, before)
        warnings: list[Trouble] = []
        if line.wage is not None:
            pay = pay_of(owner.scheme, terms.pay, self.employer.kind)
            terms, warnings = held(terms, line.start, pay, self.employer.region)
        after = months_after(line, before, terms)
        if joined(after) == joined(before):
            return 0, warnings
        self._must_be_open(line.start)
        return rewrite(owner, after, source, self.now), warnings

    def _withdraw(self, line: Line, owner: Owner, before: Sequence[Piece], source: str) -> int:
        assert line.withdraws is not None
        month, _, rest = line.withdraws.partition("/")
        version, _, number = rest.partition(":")
        found = found_row(_WITHDRAWABLE, [owner.employer_id, int(month), int(version), int(number), owner.person_id])
        named = self.source(line.withdraws)
        superseded, recorded = written_by(owner, named)
        if found is None and line.withdraws not in self.applied.values():
            raise LineTrouble(trouble("withdraws_nothing", "withdraws", line=line.withdraws))
        if not superseded and not recorded:
            raise LineTrouble(trouble("withdraws_nothing", "withdraws", line=line.withdraws))
        kept = [one for one in before if one not in recorded]
        whole = all(one in before for one in recorded)
        crosses = any(one.crosses(back.start, back.end) for one in kept for back in superseded)
        if not whole or crosses:
            raise LineTrouble(trouble("changed_since", "withdraws", line=line.withdraws))
        self._must_be_open(min(one.start for one in (*superseded, *recorded)))
        changed = rewrite(owner, [*kept, *superseded], source, self.now)
        self.withdrawn.append((line.withdraws, source))
        self.applied = {digest: named for digest, named in self.applied.items() if named != line.withdraws}
        return changed

    def _must_be_open(self, first: int) -> None:
        closed = found_row(_CLOSED, [self.records, self.employer.employer_id])
        if closed and closed[0] is not None and first < closed[0]:
            raise LineTrouble(trouble("book_closed", "from", month=month_shown(int(closed[0]))))


_WITHDRAWABLE = """
SELECT 1 FROM participation_declarationline
WHERE employer_id = %s AND month = %s AND version = %s AND line = %s AND person_id = %s AND state = 'applied' AND act <> 'withdrawal'
"""
_CLOSED = """
SELECT max(until_month) FROM participation_attestation
WHERE person_id = ANY(%s) AND employer_id = %s AND kind = 'closed' AND state = 'in_force' AND superseded_at IS NULL
"""


def this_month(now: datetime) -> int:
    """Return the month of a moment, YYYYMM."""
    day = legal_day(now)
    return day.year * 100 + day.month


def _plain(name: str) -> str:
    """Return a name without case, spaces and marks, so that only another name differs."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum())
