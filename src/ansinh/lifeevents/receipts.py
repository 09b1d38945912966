"""Receipts: whoever filed hears within two working hours that their file is in and until when it is answered; a receipt that is late comes with an apology."""

from __future__ import annotations

from ansinh.database.sql import execute, row, rows
from ansinh.foundation.clock import legal_day
from ansinh.lifeevents.acting import Hand
from ansinh.lifeevents.clock import days_of
from ansinh.lifeevents.files import File, told
from ansinh.lifeevents.states import Office
from ansinh.notices.operations import Notice, send_message
from ansinh.places.queries import working_calendar

RECEIPTS_A_CALL_MAX = 1_000
_NOT_LOOKED_AT = ("chưa xử lý kịp hồ sơ đến", "incoming files were not taken up in time")


def receipt_owed(file: File, by: Hand) -> None:
    """Keep that a file was received and by when its receipt is due; once a file."""
    hours = days_of("life_events.receipt_hours", by.today)
    if hours is None:
        return
    execute(
        "INSERT INTO lifeevents_receipt (file_id, received_at, due_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [file.file_id, by.now, working_calendar().due_at(by.now, hours)],
    )


def give_receipts(by: Hand) -> int:
    """Give receipts that are owed, at most RECEIPTS_A_CALL_MAX, the oldest first; a late one is an apology too. Returns how many."""
    owed = rows(_OWED, [RECEIPTS_A_CALL_MAX])
    for file_id, due_at, person, due_on in owed:
        if due_at < by.now:
            _late(int(file_id), by)
        if person is not None:
            template = "file_received_late" if due_at < by.now else "file_received"
            words = {"file": str(file_id), "due_on": f"{due_on or legal_day(due_at):%d/%m/%Y}"}
            notice = Notice(int(person), template, words, f"lifeevents.receipt:{file_id}", legal_day(due_at))
            send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)
        execute(
            "UPDATE lifeevents_receipt SET given_at = greatest(%s, received_at) WHERE file_id = %s", [by.now, file_id]
        )
        told(
            int(file_id), Office.AGENCY, ("gửi giấy tiếp nhận, hẹn trả kết quả", "receipt given, with the day"), by.now
        )
    return len(owed)


def alert_late_receipts(by: Hand) -> int:
    """Raise an alert for each receipt that is past its time and not given; returns how many are new."""
    late = rows(
        "SELECT file_id FROM lifeevents_receipt WHERE given_at IS NULL AND late_at IS NULL AND due_at < %s ORDER BY due_at LIMIT %s",
        [by.now, RECEIPTS_A_CALL_MAX],
    )
    for (file_id,) in late:
        _late(int(file_id), by)
    return len(late)


def _late(file_id: int, by: Hand) -> None:
    vi, en = _NOT_LOOKED_AT
    new = row(
        "UPDATE lifeevents_receipt SET late_at = %s, because_vi = %s, because_en = %s WHERE file_id = %s AND late_at IS NULL RETURNING file_id",
        [by.now, vi, en, file_id],
    )
    if new:
        told(file_id, Office.AGENCY, (f"quá hạn tiếp nhận: {vi}", f"receipt late: {en}"), by.now)


# The day named is that of the first step still open: of a birth or a death, when it is registered.
_OWED = """
SELECT r.file_id, r.due_at, f.applicant_person_id,
       (SELECT min(s.due_on) FROM lifeevents_step s WHERE s.file_id = r.file_id AND s.ended_at IS NULL)
FROM lifeevents_receipt r JOIN lifeevents_file f USING (file_id)
WHERE r.given_at IS NULL ORDER BY r.due_at, r.file_id LIMIT %s FOR UPDATE OF r SKIP LOCKED
"""
