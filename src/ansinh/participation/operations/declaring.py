"""Take an employer's monthly declaration in: good lines apply, bad ones are kept with what is wrong, and the same file changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row, rows
from ansinh.documents.operations import keep_incoming
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.participation.declarations.applying import Applying, Employer, Outcome, this_month
from ansinh.participation.declarations.files import Row, Unreadable, rows_of
from ansinh.participation.declarations.lines import Declared, month_declared
from ansinh.participation.declarations.troubles import LineTrouble
from ansinh.participation.queries.declarations import Receipt, receipt

LINES_A_STATEMENT = 2_000
RETRIED_MAX = 1_000


@operation(permission="participation.declare")
def receive_declaration(*, actor: Actor, reason: str, clock: Clock, content: bytes) -> Receipt:
    """Take a declaration in (`contracts/participation/README.md`) and return its receipt. The first line names the employer and the month.

    The same bytes give the same receipt and change nothing; other bytes about the month are its next version, of which lines applied before are
    unchanged. Refuses what cannot be read, or is about a month to come (`declaration_unreadable`), and an unknown employer (`not_found`); then nothing is kept.
    """
    found = rows_of(content)
    now = clock.now()
    about = _about(found, this_month(now))
    employer = _employer(about.employer)
    execute(
        "SELECT pg_advisory_xact_lock(hashtext('participation.declaration'), (%s %% 2147483647)::integer)",
        [employer.employer_id],
    )
    digest = keep_incoming(actor=actor, reason=reason, clock=clock, media_type="text/csv", content=content)
    known = row(
        "SELECT version FROM participation_declaration WHERE employer_id = %s AND month = %s AND sha256 = %s",
        [employer.employer_id, about.month, digest],
    )
    if known:
        note(employer=employer.code, month=about.month, version=int(known[0]), already_received=1)
        return _receipt(employer, about, int(known[0]))
    version = number(
        "SELECT coalesce(max(version), 0) + 1 FROM participation_declaration WHERE employer_id = %s AND month = %s",
        [employer.employer_id, about.month],
    )
    execute("SELECT participation_ensure_month(%s)", [about.month])
    execute(
        "INSERT INTO participation_declaration (employer_id, month, version, sha256, lines, received_by, received_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [employer.employer_id, about.month, version, digest, len(found), actor.named(), now],
    )
    applying = Applying(employer, about, version, now, _applied(employer, about))
    outcomes = [applying.decide(one) for one in found]
    _write(applying, outcomes)
    _mark_withdrawn(applying)
    counts = Counter(one.state for one in outcomes)
    note(employer=employer.code, month=about.month, version=version, **counts)
    return _receipt(employer, about, version)


@operation(permission="participation.declare")
def retry_parked(*, actor: Actor, reason: str, clock: Clock, length: int = 100) -> dict[str, int]:
    """Try parked lines again, the oldest first, at most RETRIED_MAX of them: their people may have been registered since. Returns lines by new state."""
    now, counts = clock.now(), Counter[str]()
    parked = rows(_PARKED, [min(length, RETRIED_MAX)])
    for employer_id, code, kind, region, month, version, line, raw in parked:
        employer = Employer(employer_id, code, kind, region)
        about = Declared(code, month, this_month(now))
        applying = Applying(employer, about, version, now, _applied(employer, about))
        outcome = applying.decide(Row(line, json.loads(raw)))
        counts[outcome.state] += 1
        execute(
            "UPDATE participation_declarationline SET state = %s, digest = %s, person_id = %s, found = %s, decided_at = %s "
            "WHERE employer_id = %s AND month = %s AND version = %s AND line = %s",
            [
                outcome.state,
                outcome.digest,
                outcome.person_id,
                _stored(outcome),
                now,
                employer_id,
                month,
                version,
                line,
            ],
        )
        _mark_withdrawn(applying)
    note(tried=len(parked), **counts)
    return dict(counts)


def _about(found: Sequence[Row], now: int) -> Declared:
    if not found:
        raise Unreadable("Tệp không có dòng nào sau tiêu đề.", "The file has no line after the header.")
    first = found[0]
    try:
        return Declared(first.cells.get("employer", ""), month_declared(first.cells.get("month", ""), now), now)
    except LineTrouble as wrong:
        raise Unreadable(
            f"Dòng {first.line}: {wrong.trouble.vi}", f"Line {first.line}: {wrong.trouble.en}", line=first.line
        ) from wrong


def _employer(code: str) -> Employer:
    found = row("SELECT employer_id, code, kind, region FROM participation_employer WHERE code = %s", [code[:100]])
    if found is None:
        raise NotFound(
            "Không có đơn vị mang mã ở dòng đầu. Kiểm tra cột “employer”.",
            "No employer has the code of the first line. Look at the column “employer”.",
        )
    return Employer(*found)


def _applied(employer: Employer, about: Declared) -> dict[str, str]:
    """Return the lines about a month that are in force, by what they say."""
    found = rows(
        "SELECT digest, month || '/' || version || ':' || line FROM participation_declarationline "
        "WHERE employer_id = %s AND month = %s AND state = 'applied'",
        [employer.employer_id, about.month],
    )
    return dict(found)


def _write(applying: Applying, outcomes: Sequence[Outcome]) -> None:
    for start in range(0, len(outcomes), LINES_A_STATEMENT):
        told = [
            {
                "line": one.row.line,
                "raw": one.row.cells,
                "digest": one.digest,
                "act": one.act,
                "person_id": one.person_id,
                "state": one.state,
                "found": [what.stored() for what in one.troubles],
            }
            for one in outcomes[start : start + LINES_A_STATEMENT]
        ]
        key = [applying.employer.employer_id, applying.about.month, applying.version]
        execute(_INSERT, [*key, applying.now, json.dumps(told, ensure_ascii=False)])


def _mark_withdrawn(applying: Applying) -> None:
    for withdrawn, by in applying.withdrawn:
        month, _, rest = withdrawn.partition("/")
        version, _, line = rest.partition(":")
        execute(
            "UPDATE participation_declarationline SET state = 'withdrawn', withdrawn_by = %s "
            "WHERE employer_id = %s AND month = %s AND version = %s AND line = %s",
            [by, applying.employer.employer_id, int(month), int(version), int(line)],
        )


def _stored(outcome: Outcome) -> str:
    return json.dumps([what.stored() for what in outcome.troubles], ensure_ascii=False)


def _receipt(employer: Employer, about: Declared, version: int) -> Receipt:
    made = receipt(employer.code, about.month, version)
    assert made is not None
    return made


_INSERT = """
INSERT INTO participation_declarationline (employer_id, month, version, line, raw, digest, act, person_id, state, found, decided_at)
SELECT %s, %s, %s, t.line, t.raw, t.digest, t.act, t.person_id, t.state, t.found, %s
FROM jsonb_to_recordset(%s::jsonb) AS t (line integer, raw jsonb, digest text, act text, person_id bigint, state text, found jsonb)
"""
_PARKED = """
SELECT l.employer_id, e.code, e.kind, e.region, l.month, l.version, l.line, l.raw::text
FROM participation_declarationline l JOIN participation_employer e USING (employer_id)
WHERE l.state = 'parked' ORDER BY l.month, l.employer_id, l.version, l.line LIMIT %s FOR UPDATE OF l SKIP LOCKED
"""
