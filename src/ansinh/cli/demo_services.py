"""What two citizens of the demo apply for online in August 2025: one is asked for a supplement and gets the result with its QR code, one withdraws.

By a clock of its own, as the births and deaths before. Safe to run twice: a form has its key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansinh.access.queries import actor_of_officer, actor_of_person
from ansinh.cli.demo_benefits import PREPARES
from ansinh.cli.screen import counted, out, titled_table
from ansinh.database.sql import rows
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.settings import settings
from ansinh.places.queries import facilities_named
from ansinh.services import operations, queries
from ansinh.services.operations import Form
from ansinh.services.queries import ApplicationShown
from ansinh.services.states import CLOSED

REASON = "trình diễn: dịch vụ công trực tuyến"
REISSUE, CHANGE = "card_reissue", "facility_change"
FIRST_CONTACT = ("primary", "basic")
MORNING, AFTERNOON = 9, 16
# The moments of the two stories: the second is submitted after 15:00 and counts from the next working day.
SUBMITTED, ASKED, SUPPLEMENTED, DECIDED = (6, 9), (6, 10), (7, 14), (8, 9)
LATE_SUBMITTED, WITHDRAWN = (6, 16), (7, 8)


def live_services() -> str:
    """Live both applications to their end and return in words what came of them; what was done already is found done."""
    one, other = _card_holders()
    granted = _granted(one)
    _withdrawn(other)
    said = _said(actor_of_person(one), DECIDED)
    issued = operations.issue_result(**said, reference=granted, secrets=secrets_folder(settings()))
    return f"1 hồ sơ bổ sung rồi trả kết quả {issued.paper.number} (PDF {counted(len(issued.content))} byte, mã QR), 1 hồ sơ rút"


def show_services() -> None:
    """Print both applications as timelines."""
    for person, service in zip(_card_holders(), (REISSUE, CHANGE), strict=True):
        for one in queries.applications_of(person):
            if one.service.code == service and one.receipt:
                _shown(one)


def _granted(person: int) -> str:
    """A card that was lost: the officer asks what became of it, and it is given once more."""
    form = Form(person, REISSUE, f"trinh-dien-{REISSUE}", {"because": "lost"})
    reference = operations.submit_application(**_said(actor_of_person(person), SUBMITTED), form=form).reference
    if _closed(person, reference):
        return reference
    officer = actor_of_officer(PREPARES)
    operations.receive_application(**_said(officer, ASKED), reference=reference)
    asked = ("Cần ghi lại lý do: thẻ mất hay hỏng", "Say again whether the card was lost or damaged")
    operations.ask_supplement(**_said(officer, ASKED), reference=reference, because=asked, wanted=["because"])
    answers = {"because": "damaged"}
    operations.supplement_application(
        **_said(actor_of_person(person), SUPPLEMENTED), reference=reference, answers=answers
    )
    operations.forward_application(**_said(officer, DECIDED), reference=reference)
    return reference


def _withdrawn(person: int) -> None:
    form = Form(person, CHANGE, f"trinh-dien-{CHANGE}", {"facility": _facility()})
    reference = operations.submit_application(**_said(actor_of_person(person), LATE_SUBMITTED), form=form).reference
    if not _closed(person, reference):
        operations.withdraw_application(**_said(actor_of_person(person), WITHDRAWN), reference=reference)


def _facility() -> str:
    """Return a health station, as the citizen finds it by its name."""
    return facilities_named("trạm y tế", FIRST_CONTACT)[0].code


def _closed(person: int, reference: str) -> bool:
    found = queries.application(person, reference)
    return found is not None and found.state in CLOSED


def _card_holders() -> tuple[int, int]:
    """Return two people with a card that holds, always the same two."""
    found = rows(
        "SELECT person_id FROM cards_standing WHERE status = 'active' AND valid_from < '2025-07-01' AND valid_until > '2025-09-01' ORDER BY 1 LIMIT 2"
    )
    (one,), (other,) = found
    return int(one), int(other)


def _said(actor: Any, when: tuple[int, int]) -> dict[str, Any]:
    return {"actor": actor, "reason": REASON, "clock": FixedClock(datetime(2025, 8, *when, 10, tzinfo=VIET_NAM))}


def _shown(one: ApplicationShown) -> None:
    table = titled_table(
        f"{one.service.vi} · {one.service.en}, {one.receipt}: {one.state_vi} · {one.state_en}",
        "Lúc · At",
        "Ai · Who",
        "Việc gì · What",
    )
    for line in one.lines:
        at = f"{line.happened_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
        table.add_row(at, _WHO.get(line.by.partition(":")[0], line.by), f"{line.vi} · {line.en}")
    out.print(table)
    due = f"hẹn · due {one.promised_on:%d/%m/%Y}" if one.promised_on else ""
    stopped = "; ".join(f"đồng hồ dừng · clock stood still: {pause.because_vi}" for pause in one.pauses)
    facts = "; ".join(f"{vi} · {en}: {value}" for vi, en, value in one.result_facts)
    out.print("; ".join(part for part in (due, stopped, facts) if part), markup=False, soft_wrap=True)


_WHO = {"person": "người nộp", "officer": "cán bộ", "system": "hệ thống"}
