"""What may be done about messages: keep an address, send a message, take due ones in hand, record what became of them."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.notices.channels import Home, another_left, attempt_of, begun, noted
from ansinh.notices.states import FAILED, QUEUED, REFUSED, SENT, sources_of
from ansinh.notices.texts import LANGUAGES, checked

# Numbers of the record a message is about, such as `cards.card:8123`; no personal number has this form.
_FACT = re.compile(r"[a-z]+\.[a-z_]+:[A-Za-z0-9_-]{1,60}")
_ADDRESSES = {
    "sms": re.compile(r"\+[1-9][0-9]{7,14}"),
    "app": re.compile(r"[A-Za-z0-9_-]{8,64}"),
    "email": re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}"),
    # Name, street, commune, province, each on its line.
    "letter": re.compile(r"[^\x00-\x1f\x7f\u2028-\u202e]{2,100}(\n[^\x00-\x1f\x7f\u2028-\u202e]{2,100}){1,5}"),
}
DUE_MAX = 100
# Partitions are made two years ahead.
FACT_AHEAD_MAX = timedelta(days=366)
# Who took messages in hand and does not come back within this time has lost them; the next one sends them under the same key.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Notice:
    """What to tell whom: `fact` names the record it is about (`room.record:number`), `fact_on` its day; the same fact is told once."""

    person_id: int
    template: str
    parameters: dict[str, str]
    fact: str
    fact_on: date


@dataclass(frozen=True)
class MessageKey:
    """Names a message: its own id with the columns it is found by."""

    person_id: int
    message_id: uuid.UUID
    fact_on: date


@dataclass(frozen=True)
class DueMessage:
    """A message taken in hand, by the channel whose turn it is. In state `queued` it is to be sent, in state `sent` to be asked after.

    `handed_out_as`: the key under which the provider knows it; another channel is another message to them. `waited`: since the channel was begun.
    """

    key: MessageKey
    state: str
    template: str
    parameters: dict[str, str]
    kind: str
    address: str
    language: str
    provider_reference: str | None
    attempts: int
    waited: timedelta
    handed_out_as: str
    queued_on: date


@dataclass(frozen=True)
class Result:
    """What became of a message in hand: a new state, or None with the time after which to try again. `outcome` is a code, never a text."""

    key: MessageKey
    state: str | None
    outcome: str
    provider_reference: str | None = None
    again_after: timedelta | None = None


@operation(permission="notices.keep_address")
def keep_address(*, actor: Actor, reason: str, person_id: int, kind: str, address: str, language: str = "vi") -> None:
    """Keep where a person wants to be told, in place of the former address of that kind.

    Refuses (`invalid_input`) an unknown kind or language and an address that has not the form of its kind: `sms` +84…, `app` an installation's key, `email`
    an address, `letter` two to six lines.
    """
    form = _ADDRESSES.get(kind)
    if form is None or not form.fullmatch(address):
        raise InvalidInput(
            "Địa chỉ nhận tin không đúng dạng: số điện thoại viết +84…, mã cài đặt ứng dụng, thư điện tử, hoặc địa chỉ thư từ 2 đến 6 dòng.",
            "The address has not the form of its kind: a telephone number such as +84…, an app's key, an e-mail address, or 2 to 6 lines for a letter.",
            field="address",
        )
    if language not in LANGUAGES:
        raise InvalidInput("Ngôn ngữ phải là vi hoặc en.", "The language must be vi or en.", field="language")
    execute(
        "INSERT INTO notices_address (person_id, kind, address, language) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (person_id, kind) DO UPDATE SET (address, language, recorded_at) = (excluded.address, excluded.language, now())",
        [person_id, kind, address, language],
    )
    note(person_id=person_id, kind=kind)


@operation(permission="notices.send")
def send_message(*, actor: Actor, reason: str, clock: Clock, notice: Notice) -> MessageKey:
    """Take a message in for sending and return its key; `procedures.deliver_due` hands it to the provider once this is committed.

    The same fact told to the same person by the same template returns the message there already is. Refuses (`invalid_input`) an unknown template,
    parameters that are not exactly its own, a fact that does not name a record, and a day of the fact more than a
    year ahead.
    """
    checked(notice.template, notice.parameters)
    if not _FACT.fullmatch(notice.fact):
        raise InvalidInput(
            "Sự việc cần báo phải ghi dạng phòng.bản_ghi:số.",
            "The fact must name a record, such as cards.card:8123.",
            field="fact",
        )
    now = clock.now()
    if notice.fact_on > legal_day(now) + FACT_AHEAD_MAX:
        raise InvalidInput("Ngày của sự việc quá xa.", "The day of the fact lies too far ahead.", field="fact_on")
    found = row(
        "INSERT INTO notices_message (person_id, message_id, fact_on, fact, template, parameters, state, attempts, queued_at, next_attempt_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 0, %s, %s) ON CONFLICT (person_id, fact, template, fact_on) DO NOTHING RETURNING message_id",
        [
            notice.person_id,
            uuid.uuid4(),
            notice.fact_on,
            notice.fact,
            notice.template,
            json.dumps(notice.parameters, ensure_ascii=False),
            QUEUED,
            now,
            now,
        ],
    )
    known = found or row(
        "SELECT message_id FROM notices_message WHERE person_id = %s AND fact = %s AND template = %s AND fact_on = %s",
        [notice.person_id, notice.fact, notice.template, notice.fact_on],
    )
    assert known is not None
    note(person_id=notice.person_id, message=str(known[0]), template=notice.template, already_known=int(found is None))
    return MessageKey(notice.person_id, known[0], notice.fact_on)


@operation(permission="notices.deliver")
def take_due(
    *, actor: Actor, reason: str, clock: Clock, at_most: int = DUE_MAX, home_of: Home | None = None
) -> tuple[DueMessage, ...]:
    """Take messages in hand whose time has come, the longest waiting first, so that nobody else does for LEASE; begins the channel whose turn it is.

    `home_of`: the lines of somebody's registered home, where a letter goes when no channel of theirs is left. Messages to people who cannot be reached
    at all are refused on the spot (`no_address`) and not returned.
    """
    now = clock.now()
    taken = rows(
        "WITH due AS (SELECT person_id, message_id, fact_on FROM notices_message WHERE next_attempt_at <= %(now)s"
        " ORDER BY next_attempt_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED)"
        " UPDATE notices_message m SET attempts = m.attempts + 1, next_attempt_at = %(until)s FROM due"
        " WHERE (m.person_id, m.message_id, m.fact_on) = (due.person_id, due.message_id, due.fact_on)"
        " RETURNING m.person_id, m.message_id, m.fact_on, m.state, m.template, m.parameters::text, m.kind, m.address, m.language,"
        " m.provider_reference, m.attempts, m.queued_at",
        {"now": now, "until": now + LEASE, "at_most": min(at_most, DUE_MAX)},
    )
    due = [one for found in taken if (one := _in_hand(found, home_of, now))]
    _record([Result(_key(found), REFUSED, "no_address") for found in taken if not _is_in(found, due)], clock, home_of)
    note(taken=len(due), no_address=len(taken) - len(due))
    return tuple(due)


@operation(permission="notices.deliver")
def record_results(
    *, actor: Actor, reason: str, clock: Clock, results: Sequence[Result], home_of: Home | None = None
) -> int:
    """Record what became of messages in hand and return how many rows that changed; a result that its state does not permit changes nothing.

    A message that did not arrive by its channel waits for the next one that is left, and settles only when none is.
    """
    changed = _record(results, clock, home_of)
    note(results=len(results), changed=changed)
    return changed


def _in_hand(found: tuple[Any, ...], home_of: Home | None, now: datetime) -> DueMessage | None:
    person_id, message_id, fact_on, state, template, parameters, *way, reference, attempts, queued_at = found
    key = (person_id, message_id, fact_on)
    if way[1] is None:
        begin = begun(key, template, home_of, now)
        if begin is None:
            return None
        way = list(begin)
    kind, address, language = way
    since, turn = attempt_of(key, kind)
    return DueMessage(
        MessageKey(*key),
        state,
        template,
        json.loads(parameters),
        kind,
        address,
        language,
        reference,
        attempts,
        now - since,
        str(message_id) if turn == 1 else f"{message_id}-{kind}",
        legal_day(queued_at),
    )


def _key(found: tuple[Any, ...]) -> MessageKey:
    return MessageKey(found[0], found[1], found[2])


def _is_in(found: tuple[Any, ...], due: Sequence[DueMessage]) -> bool:
    return any(one.key == _key(found) for one in due)


def _record(results: Sequence[Result], clock: Clock, home_of: Home | None) -> int:
    now, changed = clock.now(), 0
    for result in results:
        key = [result.key.person_id, result.key.message_id, result.key.fact_on]
        if result.state is None:
            changed += execute(
                f"UPDATE notices_message SET next_attempt_at = %s, outcome = %s {_THIS} AND next_attempt_at IS NOT NULL",
                [now + (result.again_after or LEASE), result.outcome, *key],
            )
            continue
        found = row(f"SELECT state, template FROM notices_message {_THIS} FOR UPDATE", key)
        if found is None or found[0] not in sources_of(result.state):
            continue
        noted(key, result.state, result.outcome, result.provider_reference, now)
        if result.state == SENT:
            again = now + (result.again_after or LEASE)
            changed += execute(_SENT, [result.outcome, result.provider_reference, now, again, *key])
        elif result.state in {FAILED, REFUSED} and another_left(key, found[1], home_of):
            changed += execute(_NEXT_CHANNEL, [result.outcome, now, *key])
        else:
            changed += execute(_SETTLED, [result.state, result.outcome, now, *key])
    return changed


_THIS = "WHERE person_id = %s AND message_id = %s AND fact_on = %s"
_SENT = (
    "UPDATE notices_message SET state = 'sent', outcome = %s, provider_reference = %s, sent_at = %s, next_attempt_at = %s, attempts = 0 "
    + _THIS
)
_NEXT_CHANNEL = (
    "UPDATE notices_message SET state = 'queued', outcome = %s, next_attempt_at = %s, attempts = 0, kind = NULL, address = NULL, language = NULL,"
    " provider_reference = NULL " + _THIS
)
_SETTLED = (
    "UPDATE notices_message SET state = %s, outcome = %s, settled_at = %s, next_attempt_at = NULL, address = NULL "
    + _THIS
)
