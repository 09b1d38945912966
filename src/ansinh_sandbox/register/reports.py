"""Reports that a record looks wrong: taken at once, decided when asked after, and a correction told as an event like any other.

Evidence calls up the reply: a birth or death certificate or a court's decision has the record corrected, an officer's statement has it confirmed, an
identity document waits for somebody's eyes and stays open. Whoever is not in the register is unknown.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from ansinh_sandbox.register.store import Store
from ansinh_sandbox.register.telling import tell
from ansinh_sandbox.register.wire import Id

REPORTS_MAX = 1_000
_CORRECTING = {"birth_certificate", "death_certificate", "court_decision"}
_CONFIRMING = {"officer_statement"}


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Says that a field of a record is wrong, and what it should be by which evidence; an empty `stated` says that it should be empty."""

    reference: Id
    pin: Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]
    field: Literal["full_name", "sex", "birth_date", "died_on"]
    stated: Annotated[str, msgspec.Meta(max_length=200)]
    evidence: Literal[
        "birth_certificate", "death_certificate", "court_decision", "officer_statement", "identity_document"
    ]


class ReportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some reports; the same reference again is the same report."""

    reports: Annotated[list[Report], msgspec.Meta(min_length=1, max_length=REPORTS_MAX)]


class ReportStatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks what became of some reports, or, without references, which are open."""

    references: Annotated[list[Id], msgspec.Meta(max_length=REPORTS_MAX)] = []


def take(store: Store, asked: ReportRequest) -> dict[str, Any]:
    """Take reports; each is open."""
    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO error_report (reference, pin, field, stated, evidence, reply, received_at) VALUES (?, ?, ?, ?, ?, 'open', ?)"
        " ON CONFLICT DO NOTHING",
        [(one.reference, one.pin, one.field, one.stated, one.evidence, time.time()) for one in asked.reports],
    )
    connection.execute("COMMIT")
    return _replies(store, [one.reference for one in asked.reports])


def status(store: Store, asked: ReportStatusRequest) -> dict[str, Any]:
    """Decide what can be decided, and tell what became of reports."""
    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(asked.references))
    waiting = connection.execute(
        f"SELECT reference, pin, field, stated, evidence FROM error_report WHERE reply = 'open' AND reference IN ({marks})"
        " ORDER BY received_at, reference",
        asked.references,
    ).fetchall()
    for reference, pin, field, stated, evidence in waiting:
        reply, event_id = _decided(store, pin, field, stated or None, evidence)
        connection.execute(
            "UPDATE error_report SET reply = ?, event_id = ? WHERE reference = ?", (reply, event_id, reference)
        )
    connection.execute("COMMIT")
    return _replies(store, asked.references)


def _decided(store: Store, pin: str, field: str, stated: str | None, evidence: str) -> tuple[str, str | None]:
    row = store.connection.execute(f"SELECT {field} FROM person WHERE pin = ?", (pin,)).fetchone()
    if row is None:
        return "unknown", None
    if evidence in _CONFIRMING or (evidence in _CORRECTING and not _can_be(field, stated)):
        return "confirmed", None
    if evidence not in _CORRECTING:
        return "open", None
    if row[0] == stated:
        return "corrected", None
    day = _day(store)
    return "corrected", tell(store.connection, "correction", pin, (day, day), changes={field: stated}).event_id


def _can_be(field: str, stated: str | None) -> bool:
    """Tell whether a record could hold the value at all."""
    if stated is None:
        return field == "died_on"
    try:
        if field == "birth_date":
            date.fromisoformat(stated if len(stated) == 10 else stated + "-01-01"[len(stated) - 4 :])
        elif field == "died_on":
            date.fromisoformat(stated)
    except ValueError:
        return False
    return field != "sex" or stated in {"M", "F"}


def _day(store: Store) -> date:
    """Return the day the register lives: the last of those it lived, or today."""
    row = store.connection.execute("SELECT lived_until FROM life").fetchone()
    return date.fromisoformat(row[0]) - timedelta(days=1) if row else datetime.now(UTC).date()


def _replies(store: Store, references: list[str]) -> dict[str, Any]:
    marks = ", ".join("?" * len(references))
    where = f"reference IN ({marks})" if references else "reply = 'open'"
    rows = store.connection.execute(
        f"SELECT reference, reply, event_id FROM error_report WHERE {where} ORDER BY received_at, reference LIMIT {REPORTS_MAX}",
        references,
    )
    told = [
        {"reference": reference, "reply": reply, **({"event_id": event_id} if event_id else {})}
        for reference, reply, event_id in rows
    ]
    return {"replies": told}
