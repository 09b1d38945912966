"""What employers declared, and what became of each line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import row, rows

PAGE_LENGTH_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a declaration is known by, and how many of its lines became what."""

    employer: str
    month: int
    version: int
    sha256: str
    lines: int
    received_at: datetime
    states: dict[str, int]

    @property
    def reference(self) -> str:
        """Return the receipt in one word: employer, month, version."""
        return f"{self.employer}/{self.month}/{self.version}"


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line as it came and what became of it; `troubles` have field, code, vi, en."""

    line: int
    act: str | None
    state: str
    person_id: int | None
    raw: dict[str, str]
    troubles: tuple[dict[str, str], ...]


def receipt(employer: str, month: int, version: int) -> Receipt | None:
    """Return the receipt of a declaration, or None."""
    found = row(
        """
        SELECT e.code, d.month, d.version, d.sha256, d.lines, d.received_at, coalesce((
            SELECT json_object_agg(s.state, s.lines)::text FROM (
                SELECT l.state, count(*) AS lines FROM participation_declarationline l
                WHERE l.employer_id = d.employer_id AND l.month = d.month AND l.version = d.version GROUP BY 1 ORDER BY 1) AS s), '{}')
        FROM participation_declaration d JOIN participation_employer e USING (employer_id)
        WHERE e.code = %s AND d.month = %s AND d.version = %s
        """,
        [employer, month, version],
    )
    if found is None:
        return None
    code, declared, which, sha256, lines, received_at, states = found
    return Receipt(code, declared, which, sha256, lines, received_at, json.loads(states))


RECEIPTS_MAX = 24


def receipts_of(employer: str) -> list[Receipt]:
    """Return an employer's newest declarations, the newest first; at most RECEIPTS_MAX."""
    found = rows(
        "SELECT d.month, d.version FROM participation_declaration d JOIN participation_employer e USING (employer_id) "
        f"WHERE e.code = %s ORDER BY d.month DESC, d.version DESC LIMIT {RECEIPTS_MAX}",
        [employer],
    )
    receipts = (receipt(employer, month, version) for month, version in found)
    return [one for one in receipts if one is not None]


def decided_lines(
    employer: str, month: int, version: int, states: Sequence[str] = (), after: int = 0
) -> list[DecidedLine]:
    """Return lines of a declaration in order, those after a line; of some states, or all; at most PAGE_LENGTH_MAX."""
    found = rows(
        """
        SELECT l.line, l.act, l.state, l.person_id, l.raw::text, l.found::text
        FROM participation_declarationline l JOIN participation_employer e USING (employer_id)
        WHERE e.code = %(employer)s AND l.month = %(month)s AND l.version = %(version)s AND l.line > %(after)s
          AND (%(states)s::text[] = '{}' OR l.state = ANY(%(states)s)) ORDER BY l.line LIMIT %(length)s
        """,
        {
            "employer": employer,
            "month": month,
            "version": version,
            "after": after,
            "states": list(states),
            "length": PAGE_LENGTH_MAX,
        },
    )
    return [_line(*one) for one in found]


def _line(line: int, act: str | None, state: str, person_id: int | None, raw: str, found: str) -> DecidedLine:
    troubles: list[dict[str, Any]] = json.loads(found)
    return DecidedLine(line, act, state, person_id, json.loads(raw), tuple(troubles))
