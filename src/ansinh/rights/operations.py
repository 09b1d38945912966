"""What may be done about personal data: a person asks, disputes a look, takes everything along; the desk answers in time, and reports breaches."""

from __future__ import annotations

import hashlib
import secrets as chance
from datetime import timedelta

from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.notices.operations import Notice, send_message
from ansinh.people.queries import records_of, resolve
from ansinh.rights.gathering import Declared, gather
from ansinh.rights.queries import RequestShown, look_numbered, request_numbered
from ansinh.rights.states import (
    OPEN,
    OUTCOMES,
    Outcome,
    RequestKind,
    RequestState,
    breach_due_at,
    due_at,
    require_move,
)
from ansinh.signin.states import LevelTooLow

WORDS_LENGTH_MAX = 1_000
OPEN_REQUESTS_MAX = 20
DOWNLOAD_LASTS = timedelta(hours=24)
DOWNLOADS_A_DAY_MAX = 3
WATCHED_MAX = 1_000
LEVEL = 2


@operation(permission="rights.ask")
def file_data_request(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, kind: RequestKind, about: str, words: str
) -> int:
    """Take a request about a person's data in (91/2025/QH15 art. 4; 13/2023/NĐ-CP art. 9); the same words still open are one. Returns its number.

    Refuses another's to a person (`not_found`), empty or hidden words, a dispute, and more than OPEN_REQUESTS_MAX open ones (`invalid_input`).
    """
    person = _owned(actor, person_id)
    if kind is RequestKind.DISPUTE:
        raise InvalidInput(
            "Khiếu nại từ trang “Ai đã xem”.", "Dispute a look from the page “Who looked”.", field="kind"
        )
    subject, text = _checked("about", about), _checked("words", words)
    _lock(person)
    same = row(
        "SELECT request_id FROM rights_request WHERE person_id = %s AND kind = %s AND about = %s AND words = %s AND state = ANY(%s)",
        [person, kind.value, subject, text, [one.value for one in OPEN]],
    )
    if same:
        return int(same[0])
    return _insert(actor, clock, person, {"kind": kind.value, "about": subject, "words": text})


@operation(permission="rights.ask")
def dispute_look(*, actor: Actor, reason: str, clock: Clock, person_id: int, look: int, words: str = "") -> int:
    """Say that a look at a person's data was not right; `look` is its number in `audit`. One look is disputed once. Returns the request's number.

    The data-protection officer answers within the time for complaints. Refuses a look that is not at this person (`not_found`), and hidden words
    (`invalid_input`).
    """
    person = _owned(actor, person_id)
    found = look_numbered(person, look)
    _lock(person)
    same = row(
        "SELECT request_id FROM rights_request WHERE person_id = %s AND look_id = %s AND looked_at = %s AND state <> 'withdrawn'",
        [person, look, found.asked_at],
    )
    if same:
        return int(same[0])
    text = _checked("words", words) if words.strip() else "-"
    return _insert(
        actor,
        clock,
        person,
        {
            "kind": RequestKind.DISPUTE.value,
            "about": "look",
            "words": text,
            "look_id": look,
            "looked_at": found.asked_at,
            "facility": found.facility,
            "officer": found.officer,
            "call": found.call,
        },
    )


@operation(permission="rights.ask")
def withdraw_data_request(*, actor: Actor, reason: str, person_id: int, request_id: int) -> None:
    """Take a request back. Withdrawn already, nothing changes. Refuses another's (`not_found`) and one that was answered (`wrong_state`)."""
    person = _owned(actor, person_id)
    found = row(
        "SELECT state, person_id FROM rights_request WHERE person_id = ANY(%s) AND request_id = %s FOR UPDATE",
        [records_of(person), request_id],
    )
    if found is None:
        raise _no_request()
    note(person=person, request=request_id)
    if found[0] == RequestState.WITHDRAWN:
        return
    require_move(RequestState(found[0]), RequestState.WITHDRAWN)
    execute(
        "UPDATE rights_request SET state = 'withdrawn' WHERE person_id = %s AND request_id = %s", [found[1], request_id]
    )


@operation(permission="rights.answer", reads="request about personal data")
def show_request(*, actor: Actor, reason: str, request_id: int) -> RequestShown:
    """Show a request to the desk; its person sees who looked. Refuses an unknown one (`not_found`)."""
    shown = request_numbered(request_id)
    note_read(resolve(shown.person_id), Purpose.ADMINISTRATION)
    note(request=request_id)
    return shown


@operation(permission="rights.answer")
def acknowledge_request(*, actor: Actor, reason: str, clock: Clock, request_id: int) -> None:
    """Note that the desk looks into a request. Refuses an unknown one (`not_found`) and one past that (`wrong_state`)."""
    person, _, state = _locked(request_id)
    require_move(state, RequestState.ACKNOWLEDGED)
    execute(
        "UPDATE rights_request SET state = 'acknowledged', acknowledged_by = %s, acknowledged_at = %s WHERE person_id = %s AND request_id = %s",
        [actor.named(), clock.now(), person, request_id],
    )
    note(person=person, request=request_id)


@operation(permission="rights.answer")
def answer_request(*, actor: Actor, reason: str, clock: Clock, request_id: int, outcome: Outcome, answer: str) -> None:
    """Answer a request in words the person reads; they are told that an answer is there. An unjustified look begins the time to report a breach.

    Refuses an unknown one (`not_found`), one answered otherwise (`wrong_state`), an outcome its kind does not have and empty words (`invalid_input`),
    and anybody but an officer (`not_found`).
    """
    if actor.kind is not ActorKind.OFFICER:
        raise _no_request()
    person, kind, state = _locked(request_id)
    if outcome not in OUTCOMES[kind]:
        allowed = ", ".join(sorted(OUTCOMES[kind]))
        raise InvalidInput(f"Chọn một trong: {allowed}.", f"Choose one of: {allowed}.", field="outcome")
    text, now = _checked("answer", answer), clock.now()
    require_move(state, RequestState.ANSWERED)
    breach = breach_due_at(now) if outcome is Outcome.UNJUSTIFIED else None
    execute(
        "UPDATE rights_request SET state = 'answered', outcome = %s, answer = %s, answered_by = %s, answered_at = %s, breach_due_at = %s "
        "WHERE person_id = %s AND request_id = %s",
        [outcome.value, text, actor.named(), now, breach, person, request_id],
    )
    _tell(actor, reason, clock, person, request_id, "data_request_answered", {"request": str(request_id)})
    note(person=person, request=request_id, outcome=outcome.value)


@operation(permission="rights.answer")
def report_breach(*, actor: Actor, reason: str, clock: Clock, request_id: int, reference: str) -> None:
    """Note that an unjustified look was reported to the authority for personal data, under its reference.

    Refuses one that has nothing to report (`not_found`).
    """
    said = _checked("reference", reference)
    changed = execute(
        "UPDATE rights_request SET breach_reported_at = %s, breach_reference = %s WHERE request_id = %s "
        "AND breach_due_at IS NOT NULL AND breach_reported_at IS NULL",
        [clock.now(), said, request_id],
    )
    if not changed:
        raise _no_request()
    note(request=request_id)


@operation(permission="rights.watch")
def watch_requests(*, actor: Actor, reason: str, clock: Clock) -> dict[str, int]:
    """Raise an alert for what is past its time, once, with an apology to the person; empty downloads nobody fetched. Safe to run any time."""
    now = clock.now()
    late = rows(
        "SELECT person_id, request_id, due_at FROM rights_request r WHERE state = ANY(%s) AND due_at < %s AND NOT EXISTS (SELECT FROM rights_alert a "
        "WHERE (a.person_id, a.request_id, a.kind) = (r.person_id, r.request_id, 'answer')) ORDER BY due_at LIMIT %s",
        [[one.value for one in OPEN], now, WATCHED_MAX],
    )
    for person, request, due in late:
        _alert(int(person), int(request), "answer", due, clock)
        words = {"request": str(request), "due_on": f"{legal_day(due):%d/%m/%Y}"}
        _tell(actor, reason, clock, int(person), int(request), "data_request_late", words)
    breaches = rows(
        "SELECT person_id, request_id, breach_due_at FROM rights_request r WHERE breach_reported_at IS NULL AND breach_due_at < %s AND NOT EXISTS (SELECT FROM "
        "rights_alert a WHERE (a.person_id, a.request_id, a.kind) = (r.person_id, r.request_id, 'breach')) ORDER BY breach_due_at LIMIT %s",
        [now, WATCHED_MAX],
    )
    for person, request, due in breaches:
        _alert(int(person), int(request), "breach", due, clock)
    # Archives end by the clock on the wall, as sessions do: the day of an invented nation never does.
    emptied = execute("UPDATE rights_download SET content = NULL WHERE content IS NOT NULL AND until <= now()")
    counts = {"late": len(late), "breaches": len(breaches), "emptied": emptied}
    note(**counts)
    return counts


@operation(permission="rights.download", reads="everything, for its person")
def make_download(*, actor: Actor, reason: str, clock: Clock, person_id: int, level: int, declared: Declared) -> str:
    """Make an archive of everything about a person and return the key that fetches it once within a day (91/2025/QH15 art. 4; 13/2023/NĐ-CP art. 14).

    `clock`: the one on the wall, by which its key ends; `declared`: every room's fields. Refuses a level below 2 (`level_too_low`), another's to a person
    (`not_found`), and more than three a day (`invalid_input`).
    """
    person = _owned(actor, person_id)
    note_read(person, Purpose.OWN_RECORD)
    if level < LEVEL:
        raise LevelTooLow(
            "Tải toàn bộ dữ liệu cần đăng nhập VNeID mức 2.",
            "Downloading everything needs an e-ID sign-in at level 2.",
            level=level,
        )
    now = clock.now()
    _lock(person)
    lately = number(
        "SELECT count(*) FROM rights_download WHERE person_id = %s AND made_at > %s", [person, now - timedelta(days=1)]
    )
    if lately >= DOWNLOADS_A_DAY_MAX:
        raise InvalidInput(
            f"Mỗi ngày tải được {DOWNLOADS_A_DAY_MAX} lần. Quay lại vào ngày mai.",
            f"Everything can be downloaded {DOWNLOADS_A_DAY_MAX} times a day. Come back tomorrow.",
            field="download",
        )
    made = gather(person, records_of(person), declared, now)
    key = chance.token_urlsafe(32)
    execute("UPDATE rights_download SET content = NULL WHERE person_id = %s AND content IS NOT NULL", [person])
    execute(
        "INSERT INTO rights_download (person_id, download_id, key_digest, made_by, made_at, until, size, content) "
        "VALUES (%s, nextval('rights_download_number'), %s, %s, %s, %s, %s, %s)",
        [person, _digest(key), actor.named(), now, now + DOWNLOAD_LASTS, len(made.content), made.content],
    )
    note(tables=made.tables, rows=made.rows, bytes=len(made.content))
    return key


@operation(permission="rights.download", reads="everything, for its person")
def fetch_download(*, actor: Actor, reason: str, clock: Clock, person_id: int, level: int, key: str) -> bytes:
    """Return an archive made before, once; it is emptied with that. Refuses one that is not there, fetched or too old, and another's (`not_found`)."""
    person = _owned(actor, person_id)
    note_read(person, Purpose.OWN_RECORD)
    found = row(
        "SELECT download_id, content FROM rights_download WHERE person_id = %s AND key_digest = %s AND content IS NOT NULL AND until > %s FOR UPDATE",
        [person, _digest(key[:100]), clock.now()],
    )
    if found is None or level < LEVEL:
        raise NotFound(
            "Liên kết tải đã dùng hoặc quá 24 giờ. Tạo lại ở mục Dữ liệu của tôi.",
            "The link was used, or is older than 24 hours. Make another at My data.",
        )
    execute(
        "UPDATE rights_download SET content = NULL, fetched_at = %s WHERE person_id = %s AND download_id = %s",
        [clock.now(), person, found[0]],
    )
    note(download=int(found[0]))
    return bytes(found[1])


def _insert(actor: Actor, clock: Clock, person: int, columns: dict[str, object]) -> int:
    waiting = number(
        "SELECT count(*) FROM rights_request WHERE person_id = %s AND state = ANY(%s)",
        [person, [one.value for one in OPEN]],
    )
    if waiting >= OPEN_REQUESTS_MAX:
        raise InvalidInput(
            f"Đang có {waiting} yêu cầu chờ trả lời. Đợi trả lời hoặc rút bớt.",
            f"{waiting} requests wait for an answer. Wait, or take one back.",
            field="words",
        )
    now, request = clock.now(), number("SELECT nextval('rights_request_number')")
    told = {
        "person_id": person,
        "request_id": request,
        "filed_by": actor.named(),
        "filed_at": now,
        "due_at": due_at(RequestKind(str(columns["kind"])), now),
        "state": RequestState.FILED.value,
        **columns,
    }
    execute(
        f"INSERT INTO rights_request ({', '.join(told)}) VALUES ({', '.join(['%s'] * len(told))})", list(told.values())
    )
    note(person=person, request=request, kind=str(columns["kind"]))
    return request


def _owned(actor: Actor, person_id: int) -> int:
    person = resolve(person_id)
    if actor.kind is ActorKind.PERSON and str(person) != actor.reference:
        raise NotFound("Không tìm thấy hồ sơ.", "There is no such record.", person=person_id)
    return person


def _locked(request_id: int) -> tuple[int, RequestKind, RequestState]:
    found = row("SELECT person_id, kind, state FROM rights_request WHERE request_id = %s FOR UPDATE", [request_id])
    if found is None:
        raise _no_request()
    return int(found[0]), RequestKind(found[1]), RequestState(found[2])


def _lock(person: int) -> None:
    execute("SELECT pg_advisory_xact_lock(hashtext('rights'), (%s %% 2147483647)::integer)", [person])


def _checked(field: str, text: str) -> str:
    plain = " ".join(text.split())
    if not 0 < len(plain) <= WORDS_LENGTH_MAX or not plain.isprintable():
        raise InvalidInput(
            f"Viết từ 1 đến {WORDS_LENGTH_MAX} ký tự, không có ký tự ẩn.",
            f"Write 1 to {WORDS_LENGTH_MAX} characters, none hidden.",
            field=field,
        )
    return plain


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _alert(person: int, request: int, kind: str, due: object, clock: Clock) -> None:
    execute(
        "INSERT INTO rights_alert (person_id, request_id, kind, due_at, raised_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [person, request, kind, due, clock.now()],
    )


def _tell(
    actor: Actor, reason: str, clock: Clock, person: int, request: int, template: str, words: dict[str, str]
) -> None:
    notice = Notice(person, template, words, f"rights.request:{request}", legal_day(clock.now()))
    send_message(actor=actor, reason=reason, clock=clock, notice=notice)


def _no_request() -> NotFound:
    return NotFound("Không có yêu cầu này.", "There is no such request.")
