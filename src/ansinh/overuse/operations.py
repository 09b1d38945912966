"""What may be done about over-use: search, look, decide. Nothing here touches a visit, a card or a payment."""

from __future__ import annotations

from datetime import date

from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.purpose import Purpose
from ansinh.overuse.queries import Finding, finding_of
from ansinh.overuse.searching import SEARCHES
from ansinh.overuse.states import DECISIONS, FindingState

PERIOD_DAYS_MAX = 400
NOTE_LENGTH_MAX = 500

_KEEP = """
INSERT INTO overuse_finding (person_id, kind, visit_id, other_visit_id, other_person_id, finding_no, facility, other_facility, first_on, measure, subject,
    state, found_at)
SELECT f.person_id, %(kind)s, f.visit_id, f.other_visit_id, f.other_person_id, nextval('overuse_finding_number'), f.facility, f.other_facility,
    (f.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.measure, f.subject, 'open', %(now)s
FROM ({search}) AS f
ON CONFLICT (person_id, kind, visit_id, other_visit_id) DO NOTHING
"""

_GONE = """
UPDATE overuse_finding f SET state = 'gone' WHERE f.state IN ('open', 'asked') AND (
    NOT EXISTS (SELECT FROM healthbook_visit v WHERE v.person_id = f.person_id AND v.visit_id = f.visit_id AND v.current)
    OR NOT EXISTS (SELECT FROM healthbook_visit v WHERE v.person_id = f.other_person_id AND v.visit_id = f.other_visit_id AND v.current))
"""


@operation(permission="overuse.find")
def find_overuse(*, actor: Actor, reason: str, clock: Clock, since: date, until: date) -> dict[str, int]:
    """Search the visits admitted from `since` to before `until` for what cannot be; returns how many new findings of each kind.

    Safe to run twice: what was found before is not found again. Findings whose visits are no longer current are closed. Refuses a period of no day, or of
    more than 400 (`invalid_input`). Health-insurance appraisal: Law on Health Insurance art. 29.
    """
    if not 0 < (until - since).days <= PERIOD_DAYS_MAX:
        raise InvalidInput(
            f"Khoảng ngày phải từ 1 đến {PERIOD_DAYS_MAX} ngày.",
            f"The period must have 1 to {PERIOD_DAYS_MAX} days.",
            field="until",
        )
    asked = {
        "since": f"{since.isoformat()} 00:00:00+07",
        "until": f"{until.isoformat()} 00:00:00+07",
        "now": clock.now(),
    }
    found = {
        kind.value: execute(_KEEP.format(search=search()), {**asked, "kind": kind.value})
        for kind, search in SEARCHES.items()
    }
    note(gone=execute(_GONE), **found)
    return found


@operation(permission="overuse.show", reads="visits that may be over-use")
def show_finding(*, actor: Actor, reason: str, finding_no: int) -> Finding:
    """Show one finding to an officer; both persons' lists of who looked tell it. Refuses an unknown number (`not_found`)."""
    finding = finding_of(finding_no)
    if finding.other_person_id != finding.person_id:
        note_other_person(actor=actor, reason=reason, finding_no=finding_no, person_id=finding.other_person_id)
    note_read(finding.person_id, Purpose.ADMINISTRATION)
    note(finding=finding_no)
    return finding


@operation(permission="overuse.show", reads="visits that may be over-use")
def note_other_person(*, actor: Actor, reason: str, finding_no: int, person_id: int) -> None:
    """Let the second person of a finding that is shown see who looked, too: a line of the audit is about one person."""
    note_read(person_id, Purpose.ADMINISTRATION)
    note(finding=finding_no)


@operation(permission="overuse.decide")
def decide_finding(
    *, actor: Actor, reason: str, clock: Clock, finding_no: int, decision: FindingState, words: str
) -> None:
    """Record what an officer decided of a finding, with words; a later decision takes the place of an earlier one, and both stay.

    Refuses an unknown number (`not_found`), what is no decision, a finding that is gone, and missing or too long words (`invalid_input`).
    """
    finding = finding_of(finding_no)
    if decision not in DECISIONS or finding.state is FindingState.GONE:
        raise InvalidInput(
            "Chỉ quyết định: hợp lý, hỏi cơ sở, cơ sở nhầm hoặc nghi vấn, cho phát hiện còn hiệu lực.",
            "Decide legitimate, asked, mistaken or suspicious, of a finding that still stands.",
            field="decision",
        )
    if not 0 < len(words.strip()) <= NOTE_LENGTH_MAX:
        raise InvalidInput(
            f"Ghi lý do của quyết định, không quá {NOTE_LENGTH_MAX} ký tự.",
            f"Write why, in at most {NOTE_LENGTH_MAX} characters.",
            field="words",
        )
    execute(
        "INSERT INTO overuse_decision (person_id, finding_no, decided_at, decision, reason, decided_by) VALUES (%s, %s, %s, %s, %s, %s)",
        [finding.person_id, finding_no, clock.now(), decision.value, words.strip(), actor.reference],
    )
    execute(
        "UPDATE overuse_finding SET state = %s WHERE person_id = %s AND finding_no = %s",
        [decision.value, finding.person_id, finding_no],
    )
    note(finding=finding_no)
