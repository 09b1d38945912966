"""Credentials from an offer to a wallet: offer them, exchange an offer for a token, issue, hear what became of one; and a card on a QR code.

Moments of codes, tokens and signatures are real ones, whatever day an invented nation lives; what papers say is of the agency's day.
OpenID4VCI 1.0 with pre-authorised codes, SD-JWT VC, Token Status List.
"""

from __future__ import annotations

import hmac
import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ansinh.audit.operation import note, note_read, operation
from ansinh.credentials import keys
from ansinh.credentials.forgetting import forget_old
from ansinh.credentials.proofs import BadProof, Holder, read_proof
from ansinh.credentials.saying import Paper, papers_of
from ansinh.credentials.sd_jwt import issued
from ansinh.credentials.states import (
    CODE_LIFETIME,
    COPIES_MAX,
    KINDS,
    SHOWN_LIFETIME,
    TOKEN_LIFETIME,
    TX_CODE_TRIES,
    Kind,
)
from ansinh.credentials.status_lists import SIZE
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import resolve

_DRAWS_MAX = 100


class InvalidToken(Refusal):
    """A token that is unknown or over."""

    code = "invalid_token"


class InvalidProof(Refusal):
    """A proof that proves no key for us, now."""

    code = "invalid_proof"


class InvalidNonce(Refusal):
    """A nonce that is not ours, too old, or used."""

    code = "invalid_nonce"


@dataclass(frozen=True)
class Clocks:
    """The agency's clock, by which papers are good, and the real one, by which codes, tokens and signatures are held."""

    agency: Clock
    real: Clock


@dataclass(frozen=True)
class Offer:
    """An offer: its name, by which a wallet fetches it, the digits to show on another screen, and until when both are good."""

    reference: str
    tx_code: str
    expires_at: datetime


@dataclass(frozen=True)
class Issue:
    """Credentials issued at once, as copies that cannot be told to belong together, and the name to tell their fate by."""

    credentials: tuple[str, ...]
    notification_id: str


@operation(permission="credentials.offer")
def offer_credentials(
    *, actor: Actor, reason: str, clocks: Clocks, person_id: int, kinds: Sequence[Kind], folder: Path
) -> Offer:
    """Offer a person credentials of these kinds: a wallet that has the offer and the digits takes them. Refuses `not_found` when there is no such paper today.

    OpenID4VCI 1.0, section 4; `folder`: that of secrets.
    """
    person = resolve(person_id)
    missing = [kind for kind in kinds if not papers_of(kind, person, clocks.agency.now())]
    if missing or not kinds:
        raise NotFound(
            "Hiện không có giấy tờ này để đưa vào ví.",
            "There is no such paper today to put into a wallet.",
            person=person,
        )
    now = clocks.real.now()
    forget_old(now)
    reference, tx_code = keys.new_reference(), keys.new_tx_code()
    code = keys.code_of(reference, folder)
    execute(
        "INSERT INTO credentials_offer (code_sha256, person_id, kinds, tx_code_sha256, tries_left, offered_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            keys.digest(code),
            person,
            [kind.value for kind in kinds],
            keys.digest(f"{code} {tx_code}"),
            TX_CODE_TRIES,
            now,
            now + CODE_LIFETIME,
        ],
    )
    note(person=person, kinds=" ".join(kinds))
    return Offer(reference, tx_code, now + CODE_LIFETIME)


@operation(permission="credentials.redeem")
def redeem_code(*, actor: Actor, reason: str, clock: Clock, code: str, tx_code: str) -> str | None:
    """Return a token for a code, once, or None when the code or its digits are wrong; a wrong try is counted, and the last one ends the offer.

    OpenID4VCI 1.0, section 6; `clock`: the real one. Nothing is refused by raising, so that the count stays.
    """
    now = clock.now()
    found = row(
        "SELECT tx_code_sha256, tries_left, person_id FROM credentials_offer"
        " WHERE code_sha256 = %s AND tx_code_sha256 IS NOT NULL AND token_sha256 IS NULL AND expires_at > %s FOR UPDATE",
        [keys.digest(code), now],
    )
    if found is None or found[1] == 0:
        return None
    if not hmac.compare_digest(bytes(found[0]), keys.digest(f"{code} {tx_code}")):
        execute("UPDATE credentials_offer SET tries_left = tries_left - 1 WHERE code_sha256 = %s", [keys.digest(code)])
        note(person=found[2], wrong=1)
        return None
    token = keys.new_secret()
    execute(
        "UPDATE credentials_offer SET token_sha256 = %s, token_until = %s WHERE code_sha256 = %s",
        [keys.digest(token), now + TOKEN_LIFETIME, keys.digest(code)],
    )
    note(person=found[2])
    return token


@operation(permission="credentials.issue", reads="credential")
def issue_credential(
    *, actor: Actor, reason: str, clocks: Clocks, token: str, kind: Kind, proofs: Sequence[str], folder: Path
) -> Issue:
    """Issue a credential of a kind for each proof of a key, as unlinkable copies of one paper.

    Refuses `invalid_token`, `invalid_proof`, `invalid_nonce`, `not_found` (no such paper any more). OpenID4VCI 1.0, section 8.
    """
    now = clocks.real.now()
    found = row(
        "SELECT person_id, kinds FROM credentials_offer WHERE token_sha256 = %s AND token_until > %s",
        [keys.digest(token), now],
    )
    if found is None or kind.value not in found[1]:
        raise InvalidToken("Mã truy cập không đúng hoặc đã hết hạn.", "The token is wrong or over.")
    person = resolve(int(found[0]))
    note_read(person, Purpose.OWN_RECORD)
    holders = _holders(proofs, now, folder)
    papers = papers_of(kind, person, clocks.agency.now())
    if not papers:
        raise NotFound("Giấy tờ này không còn hiệu lực.", "This paper is no longer good.", person=person)
    notification = keys.new_secret()
    made = tuple(
        _issued(
            _Wanted(person, kind, papers[0], holder.key, KINDS[kind].lifetime, keys.digest(notification)), now, folder
        )
        for holder in holders
    )
    note(kind=kind.value, copies=len(made))
    return Issue(made, notification)


@operation(permission="credentials.issue")
def hear_outcome(*, actor: Actor, reason: str, clock: Clock, notification_id: str, outcome: str) -> bool:
    """Keep what a wallet tells of credentials it got; those it deleted are withdrawn. Returns whether there are such. OpenID4VCI 1.0, section 11."""
    now = clock.now()
    return bool(
        execute(
            "UPDATE credentials_issued SET outcome = %s, withdrawn_at = CASE WHEN %s = 'credential_deleted' THEN coalesce(withdrawn_at, %s)"
            " ELSE withdrawn_at END WHERE notification_sha256 = %s",
            [outcome, outcome, now, keys.digest(notification_id)],
        )
    )


@operation(permission="credentials.show", reads="credential")
def show_card(*, actor: Actor, reason: str, clocks: Clocks, person_id: int, folder: Path) -> str:
    """Return a person's health card as a credential for a QR code, which hospitals prove without a network; good for some days. Refuses `not_found`."""
    person = resolve(person_id)
    note_read(person, Purpose.OWN_RECORD)
    papers = papers_of(Kind.HEALTH_CARD, person, clocks.agency.now())
    if not papers:
        raise NotFound("Không có thẻ đang còn hiệu lực.", "There is no card in force.", person=person)
    wanted = _Wanted(person, Kind.HEALTH_CARD, papers[0], None, SHOWN_LIFETIME, None)
    return _issued(wanted, clocks.real.now(), folder)


@operation(permission="credentials.withdraw")
def withdraw_credentials(*, actor: Actor, reason: str, clock: Clock, person_id: int) -> int:
    """Withdraw every credential of a person, as after a lost phone; returns how many. Status lists say so from now on."""
    person = resolve(person_id)
    done = execute(
        "UPDATE credentials_issued SET withdrawn_at = %s WHERE person_id = %s AND withdrawn_at IS NULL",
        [clock.now(), person],
    )
    note(person=person, withdrawn=done)
    return done


@dataclass(frozen=True)
class _Wanted:
    person_id: int
    kind: Kind
    paper: Paper
    holder: dict[str, Any] | None
    lifetime: timedelta
    notification_sha256: bytes | None


def _issued(wanted: _Wanted, now: datetime, folder: Path) -> str:
    # Whole hours, so that copies issued about one time cannot be told by it.
    begins = now.replace(minute=0, second=0, microsecond=0)
    ends = begins + wanted.lifetime
    list_no, place = _place(wanted, now, ends)
    always: dict[str, Any] = {
        "iss": keys.issuer(),
        "vct": f"{keys.issuer()}/types/{wanted.kind.value}",
        "iat": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
        "status": {"status_list": {"idx": place, "uri": keys.list_uri(list_no)}},
    }
    if wanted.holder is not None:
        always["cnf"] = {"jwk": wanted.holder}
    return issued(always, wanted.paper.claims, keys.issuer_keys(folder).signing, chance.token_bytes)


def _place(wanted: _Wanted, now: datetime, ends: datetime) -> tuple[int, int]:
    """Take a random place of the newest list; half-full lists are left, so that draws stay few."""
    found = row(
        "UPDATE credentials_list SET taken = taken + 1 WHERE list_no = (SELECT max(list_no) FROM credentials_list) AND taken < %s RETURNING list_no",
        [SIZE // 2],
    )
    list_no = (
        int(found[0])
        if found
        else number("INSERT INTO credentials_list (taken, opened_at) VALUES (1, %s) RETURNING list_no", [now])
    )
    for _ in range(_DRAWS_MAX):
        place = chance.randbelow(SIZE)
        done = execute(
            "INSERT INTO credentials_issued (list_no, place, person_id, kind, reference, holder_bound, issued_at, expires_at, notification_sha256)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (list_no, place) DO NOTHING",
            [
                *(list_no, place, wanted.person_id, wanted.kind.value, wanted.paper.reference),
                *(wanted.holder is not None, now, ends, wanted.notification_sha256),
            ],
        )
        if done:
            return list_no, place
    raise RuntimeError("a list half empty has no free place: the generator of random numbers is broken")


def _holders(proofs: Sequence[str], now: datetime, folder: Path) -> list[Holder]:
    if not 0 < len(proofs) <= COPIES_MAX:
        raise InvalidProof(f"Cần từ 1 đến {COPIES_MAX} bằng chứng khóa.", f"1 to {COPIES_MAX} key proofs are needed.")
    try:
        holders = [read_proof(one, keys.issuer(), now) for one in proofs]
    except BadProof as bad:
        raise InvalidProof("Bằng chứng khóa không dùng được.", f"The key proof is of no use: {bad}.") from bad
    if len({str(one.key) for one in holders}) != len(holders):
        raise InvalidProof("Mỗi bản cần một khóa riêng.", "Each copy needs a key of its own.")
    for nonce in {one.nonce for one in holders}:
        used = execute(
            "INSERT INTO credentials_usednonce (nonce_sha256, used_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [keys.digest(nonce), now],
        )
        if not used or not keys.fresh_nonce(nonce, now, folder):
            raise InvalidNonce("Mã dùng một lần đã cũ hoặc đã dùng.", "The nonce is old or was used. Ask for another.")
    return holders
