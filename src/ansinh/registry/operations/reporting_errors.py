"""Telling the register where it looks wrong, and taking its replies in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.registry.exchange import Reply
from ansinh.registry.states import CONFIRMED, CORRECTED, REPORTED, SENT, UNKNOWN

# The evidence the register knows, in both languages.
EVIDENCE: dict[str, tuple[str, str]] = {
    "birth_certificate": ("giấy khai sinh", "birth certificate"),
    "death_certificate": ("giấy chứng tử", "death certificate"),
    "court_decision": ("quyết định của tòa án", "court decision"),
    "identity_document": ("giấy tờ tùy thân", "identity document"),
    "officer_statement": ("xác nhận của cán bộ", "officer's statement"),
}
_DATE = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
# Field → the form of what the evidence says.
_STATED = {
    "full_name": re.compile(r"[^\W\d_][^\x00-\x1f<>{}]{0,199}"),
    "sex": re.compile("[MF]"),
    "birth_date": re.compile(rf"[12][0-9]{{3}}(-[0-9]{{2}})?|{_DATE}"),
    "died_on": re.compile(rf"({_DATE})?"),
}
_STATES = {"open": SENT, "corrected": CORRECTED, "confirmed": CONFIRMED, "unknown": UNKNOWN}


@operation(permission="registry.report_error")
def report_error(
    *, actor: Actor, reason: str, clock: Clock, pin: str, field: str, stated: str, evidence: str
) -> uuid.UUID:
    """Report that a field of the register's record looks wrong and what the evidence says instead; returns the report's reference.

    It is sent with the next exchange. An open report about the same field is returned instead of a second one. Refuses (`invalid_input`) an unknown field
    or kind of evidence and a value the field could not hold, and (`not_found`) a number the mirror does not hold.
    """
    form = _STATED.get(field)
    if form is None or not form.fullmatch(stated) or evidence not in EVIDENCE:
        raise InvalidInput(
            "Báo sai sót cần trường (full_name, sex, birth_date, died_on), giá trị đúng dạng và loại giấy tờ chứng minh.",
            "An error report takes a field (full_name, sex, birth_date, died_on), a value of its form, and the kind of evidence.",
            field="field" if form is None else "evidence" if evidence not in EVIDENCE else "stated",
        )
    if row("SELECT 1 FROM registry_person WHERE pin = %s", [pin]) is None:
        raise NotFound(
            "CSDL dân cư không có số định danh này.", "The register does not have this number, as far as we heard."
        )
    execute("SELECT pg_advisory_xact_lock(hashtext('registry.report'), hashtext(%s))", [pin])
    known = row(
        "SELECT reference FROM registry_error_report WHERE pin = %s AND field = %s AND stated = %s AND state IN ('reported', 'sent')",
        [pin, field, stated],
    )
    reference: uuid.UUID = known[0] if known else uuid.uuid4()
    if known is None:
        execute(
            "INSERT INTO registry_error_report (pin, reference, field, stated, evidence, state, reported_at, reported_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [pin, reference, field, stated, evidence, REPORTED, clock.now(), actor.named()],
        )
    note(report=str(reference), field=field, evidence=evidence, already_open=int(known is not None))
    return reference


@operation(permission="registry.synchronise")
def record_replies(*, actor: Actor, reason: str, clock: Clock, replies: Sequence[Reply]) -> int:
    """Record what the register says about our reports and return how many rows that changed; a settled report stays as it is.

    A correction changes nothing here: it comes as an event like any other.
    """
    now, changed = clock.now(), 0
    for reply in replies:
        state = _STATES[reply.reply]
        changed += execute(
            "UPDATE registry_error_report SET state = %(state)s, sent_at = coalesce(sent_at, %(now)s), event_id = %(event_id)s,"
            " replied_at = CASE WHEN %(state)s = 'sent' THEN NULL ELSE %(now)s END"
            " WHERE reference = %(reference)s AND state IN ('reported', 'sent') AND state <> %(state)s",
            {"state": state, "now": now, "event_id": reply.event_id, "reference": reply.reference},
        )
    note(replies=len(replies), changed=changed)
    return changed
