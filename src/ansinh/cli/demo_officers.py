"""What the demo's officers decide about identity: two records merged and parted again, a field corrected, and the register told where it looks wrong.

Every decision is prepared by one officer and approved by another; whom it is about is chosen among the differences that were really found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansinh.access.operations import (
    Administrator,
    approve_role_grant,
    found_administration,
    prepare_role_grant,
    register_officer,
)
from ansinh.access.queries import actor_of_officer
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted
from ansinh.config.cleaning import keep_ours
from ansinh.config.daily import daily_work
from ansinh.config.effects import EFFECTS
from ansinh.config.following import decide_and_follow
from ansinh.config.partners import register_exchange
from ansinh.config.queries import agency_clock
from ansinh.database.sql import row, rows
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.people.operations import (
    Correction,
    Decided,
    approve_request,
    prepare_merge,
    prepare_unmerge,
    request_correction,
)
from ansinh.people.queries import effects_on, request_line, requests_about, requests_waiting
from ansinh.people.states import FIELDS, RequestKind, RequestState
from ansinh.registry.procedures import exchange_reports
from ansinh.registry.queries import count_reports
from ansinh.registry.states import REPORT_NAMES

UNIT = "BHXH thành phố Hà Nội"
FOUNDERS = (Administrator("hanoi.lan", "Nguyễn Thị Lan", UNIT), Administrator("hanoi.minh", "Trần Văn Minh", UNIT))
# Officer, name, role.
OFFICERS = (
    ("hanoi.hoa", "Lê Thị Hoa", "identity_officer"),
    ("hanoi.duc", "Phạm Minh Đức", "identity_approver"),
)
PREPARES, APPROVES = OFFICERS[0][0], OFFICERS[1][0]
REASON = "trình diễn: hai cán bộ quyết định"
# The sandbox register answers by the kind of evidence: certificates correct it, an officer's word does not, an identity document waits for eyes.
REPORTED_WITH = ("birth_certificate", "court_decision", "officer_statement", "identity_document")
# Differences looked through for somebody whom an approval would touch.
LOOKED_AT = 50
_DONE_BEFORE = "đã làm ở lần trình diễn trước"

_TWICE_ON_FILE = """
SELECT v.person_id, i.person_id FROM people_verdict v
JOIN people_identifier i ON i.scheme = 'pin' AND i.value = v.register_pin AND i.valid_until IS NULL AND i.person_id <> v.person_id
WHERE v.verdict = 'duplicate' AND v.superseded_at IS NULL
  AND NOT EXISTS (SELECT FROM people_identifier o WHERE o.person_id = v.person_id AND o.scheme = 'pin' AND o.valid_until IS NULL)
ORDER BY v.person_id LIMIT 1
"""
_BEGUN = (
    "SELECT person_id, other_person_id FROM people_request WHERE kind = %s AND reason = %s ORDER BY request_id LIMIT 1"
)
_DIFFERENT = """
SELECT d.person_id, d.field, d.ours, d.registered FROM people_discrepancy d
JOIN people_identifier i ON i.person_id = d.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
WHERE d.state = 'open' AND d.field IN ('birth_date', 'sex') AND length(d.ours) IN (1, 10) AND d.registered <> ''
ORDER BY d.person_id, d.field LIMIT %s
"""


def appoint_officers() -> None:
    """Found the administration, and let the two administrators give two officers their roles. Safe to run twice."""
    clock = RealClock()
    found_administration(actor=actor(), reason=REASON, clock=clock, administrators=FOUNDERS)
    appoint(OFFICERS, REASON)


def appoint(officers: Sequence[tuple[str, str, str]], reason: str) -> None:
    """Let the two administrators give officers (number, name, role) their roles. Safe to run twice."""
    clock = RealClock()
    first, second = (actor_of_officer(one.officer_no) for one in FOUNDERS)
    for officer, name, role in officers:
        register_officer(actor=first, reason=reason, officer_no=officer, name=name, unit=UNIT)
        grant = prepare_role_grant(actor=first, reason=reason, clock=clock, officer_no=officer, role=role)
        approve_role_grant(actor=second, reason=reason, clock=clock, grant=grant)


def merge_and_unmerge() -> str:
    """Merge two records of one human and part them again, each prepared by one officer and approved by the other; returns what it touched in words.

    Cut off, it goes on with the pair it had begun.
    """
    pair = row(_BEGUN, [RequestKind.MERGE, REASON]) or row(_TWICE_ON_FILE)
    if pair is None:
        return "không có hồ sơ trùng"
    alias, survivor = pair
    applied = {one.kind: one.request for one in requests_about(alias) if one.state == RequestState.APPLIED}
    if RequestKind.UNMERGE in applied:
        return _DONE_BEFORE
    clock = agency_clock()
    merged = applied.get(RequestKind.MERGE)
    if merged is None:
        merged = _by_two(
            lambda: prepare_merge(
                actor=actor_of_officer(PREPARES),
                reason=REASON,
                clock=clock,
                alias=alias,
                survivor=survivor,
                effects=EFFECTS,
            )
        ).request
    _by_two(
        lambda: prepare_unmerge(
            actor=actor_of_officer(PREPARES), reason=REASON, clock=clock, alias=alias, effects=EFFECTS
        )
    )
    touched = len(request_line(merged).effects)
    return f"#{alias} vào #{survivor} rồi tách, chạm {counted(touched)} dòng ở phòng khác"


def correct_one() -> str:
    """Correct a field of one person with evidence, approved by a second officer, and return it in words."""
    if _reported_before():
        return _DONE_BEFORE
    found = row(_DIFFERENT, [1])
    if found is None:
        return "không có sai lệch"
    person, field, ours, registered = found
    clock = agency_clock()
    correction = Correction(field, ours, registered, "civil status", "giấy khai sinh bản chính")
    decided = _by_two(
        lambda: request_correction(
            actor=actor_of_officer(PREPARES),
            reason=REASON,
            clock=clock,
            person_id=person,
            correction=correction,
            effects=EFFECTS,
        )
    )
    return f"#{person}: {FIELDS[field][0]}, {PREPARES} đề nghị, {APPROVES} duyệt (số {decided.request})"


def report_errors() -> str:
    """Tell the register where it looks wrong, take its replies in, and hear the corrections it made; returns it in words."""
    if _reported_before():
        return _DONE_BEFORE
    clock, chosen = agency_clock(), rows(_DIFFERENT, [len(REPORTED_WITH)])
    for (person, field, _, _), evidence in zip(chosen, REPORTED_WITH, strict=False):
        keep_ours(
            actor=actor_of_officer(PREPARES),
            reason=REASON,
            clock=clock,
            person_id=person,
            field=field,
            evidence=evidence,
        )
    with register_exchange(settings()) as source:
        exchange_reports(actor=actor(), reason=REASON, clock=clock, source=source)
    with daily_work(settings()) as daily:
        heard = daily.hear(actor=actor(), reason=REASON, clock=clock)
    replies = ", ".join(f"{REPORT_NAMES[state][0]} {counted(number)}" for state, number in count_reports().items())
    return f"báo {len(chosen)}: {replies}; nhận về {counted(heard.pulled.settled)} sửa đổi"


def leave_one_open() -> str:
    """Ask for one correction more, with evidence, and leave it to whoever tries the screens; returns what it touches in words."""
    if requests_waiting(1):
        return _DONE_BEFORE
    chosen = rows(_DIFFERENT, [LOOKED_AT])
    if not chosen:
        return "không có sai lệch"
    # Somebody with a card, if there is one: the screen then tells what approving touches.
    person, field, ours, registered = next((one for one in chosen if effects_on([one[0]], EFFECTS)), chosen[0])
    asked = request_correction(
        actor=actor_of_officer(PREPARES),
        reason="trình diễn: đề nghị còn chờ người duyệt",
        clock=agency_clock(),
        person_id=person,
        correction=Correction(field, ours, registered, "civil status", "trích lục khai sinh bản chính"),
        effects=EFFECTS,
    )
    touched = len(request_line(asked.request).effects)
    return (
        f"đề nghị {asked.request}, #{person}: {FIELDS[field][0]}, chạm {counted(touched)} dòng · ansinh people requests"
    )


def _reported_before() -> bool:
    return sum(count_reports().values()) > 0


def _by_two(prepare: Callable[[], Decided]) -> Decided:
    """Let one officer prepare and the other approve; what follows in other rooms follows with it."""
    clock = agency_clock()
    prepared = prepare()
    decided = decide_and_follow(
        lambda: approve_request(actor=actor_of_officer(APPROVES), reason=REASON, clock=clock, request=prepared.request),
        reason=REASON,
        clock=clock,
    )
    if decided.state is not RequestState.APPLIED:
        raise Refusal(f"Đề nghị {decided.request} không được thực hiện.", f"Request {decided.request} was not applied.")
    return decided


STEPS: Sequence[tuple[str, Callable[[], str]]] = (
    ("Hai cán bộ gộp rồi tách · merge, unmerge", merge_and_unmerge),
    ("Sửa một trường, có người duyệt · correct", correct_one),
    ("Báo CSDL dân cư chỗ sai · report errors", report_errors),
    ("Một đề nghị chờ duyệt · left to approve", leave_one_open),
)
