"""Wallets and the papers their citizens permit: register a wallet, permit what it asks for, exchange the code it gets for a token.

OpenID4VCI 1.0, section 5, with pushed requests (RFC 9126), S256 (RFC 7636) and the rules of RFC 9700. Moments are real ones.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ansinh.audit.operation import note, note_read, operation
from ansinh.credentials import keys
from ansinh.credentials.asked import WalletRequest, challenge_of, opened
from ansinh.credentials.forgetting import forget_old
from ansinh.credentials.operations.issuing import Clocks
from ansinh.credentials.saying import papers_of
from ansinh.credentials.states import PERMITTED_LIFETIME, TOKEN_LIFETIME
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import resolve

_CLIENT_ID = re.compile(r"[A-Za-z0-9._:/-]{3,100}")
_REDIRECTS_MAX = 10
_REDIRECT_LENGTH_MAX = 200
_NAME_LENGTH_MAX = 80
# Answers in pages or by scripts' addresses would run where they are opened.
_SCHEMES_REFUSED = frozenset({"javascript", "data", "file", "blob", "about", "vbscript"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class WalletKnown(Refusal):
    """A wallet of this name of its own is registered already."""

    code = "wallet_known"


class RequestOver(Refusal):
    """A wallet's request that is not ours, too old, answered already, or another wallet's."""

    code = "request_over"


@dataclass(frozen=True)
class Permitted:
    """What goes back to a wallet: the code, good for a minute, and the request it answers."""

    code: str
    request: WalletRequest


@operation(permission="credentials.register_wallet")
def register_wallet(
    *, actor: Actor, reason: str, clock: Clock, client_id: str, name: str, redirect_uris: Sequence[str]
) -> None:
    """Register a wallet that may ask citizens for their papers: what pages call it, and where exactly it may be answered.

    Refuses `invalid_input`, `wallet_known`. RFC 9700, section 4.1: addresses are compared as they stand.
    """
    if not _CLIENT_ID.fullmatch(client_id) or not 0 < len(name.strip()) <= _NAME_LENGTH_MAX:
        raise InvalidInput("Tên hoặc mã ví không dùng được.", "The wallet's name or identifier is of no use.")
    if not 0 < len(redirect_uris) <= _REDIRECTS_MAX or not all(_may_return(one) for one in redirect_uris):
        raise InvalidInput(
            "Địa chỉ trả về phải là https, hoặc giao thức riêng của ứng dụng, không có phần sau dấu #.",
            "Addresses to return to are https or an app's own scheme, without a fragment.",
        )
    done = execute(
        "INSERT INTO credentials_wallet (client_id, name, redirect_uris, registered_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [client_id, name.strip(), list(redirect_uris), clock.now()],
    )
    if not done:
        raise WalletKnown("Ví này đã được đăng ký.", "This wallet is registered already.")
    note(wallet=client_id)


@operation(permission="credentials.permit", reads="credential")
def permit_wallet(
    *, actor: Actor, reason: str, clocks: Clocks, person_id: int, client_id: str, request_uri: str, folder: Path
) -> Permitted:
    """Permit a wallet the papers it asks for, once, and return the code it exchanges for a token.

    Refuses `request_over`, and `not_found` when there is no such paper today. OpenID4VCI 1.0, section 5.2.
    """
    now, person = clocks.real.now(), resolve(person_id)
    request = _taken_once(request_uri, client_id, now, folder)
    note_read(person, Purpose.OWN_RECORD)
    if not all(papers_of(kind, person, clocks.agency.now()) for kind in request.kinds):
        raise NotFound("Hiện không có giấy tờ này.", "There is no such paper today.", person=person)
    forget_old(now)
    code = keys.new_secret()
    execute(
        "INSERT INTO credentials_offer (code_sha256, person_id, kinds, challenge, client_id, redirect_uri, tries_left, offered_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 1, %s, %s)",
        [
            *(keys.digest(code), person, [kind.value for kind in request.kinds], request.challenge, client_id),
            *(request.redirect_uri, now, now + PERMITTED_LIFETIME),
        ],
    )
    note(person=person, wallet=client_id, kinds=" ".join(request.kinds))
    return Permitted(code, request)


@operation(permission="credentials.permit")
def decline_wallet(
    *, actor: Actor, reason: str, clock: Clock, client_id: str, request_uri: str, folder: Path
) -> WalletRequest:
    """Decline what a wallet asks for; the request cannot be permitted afterwards. Refuses `request_over`."""
    request = _taken_once(request_uri, client_id, clock.now(), folder)
    note(wallet=client_id)
    return request


@operation(permission="credentials.redeem")
def redeem_permitted(
    *, actor: Actor, reason: str, clock: Clock, code: str, client_id: str, redirect_uri: str, verifier: str
) -> str | None:
    """Return a token for a code a citizen's permission gave, once; None when it is unknown, over, another wallet's, or its secret is not shown.

    A code that comes a second time ends the token it gave (RFC 9700, section 4.5): one of the two was not the wallet. A wrong try ends the code. Nothing is
    refused by raising, so that this stays.
    """
    now, digest = clock.now(), keys.digest(code)
    found = row(
        "SELECT challenge, client_id, redirect_uri, token_sha256 IS NOT NULL, tries_left, person_id FROM credentials_offer"
        " WHERE code_sha256 = %s AND challenge IS NOT NULL AND expires_at > %s FOR UPDATE",
        [digest, now],
    )
    if found is None or found[3]:
        _end_what_it_gave(digest, now)
        return None
    challenge, for_wallet, returned_to, _, tries_left, person = found
    held = hmac.compare_digest(challenge, challenge_of(verifier) or "")
    if not held or (for_wallet, returned_to) != (client_id, redirect_uri) or tries_left == 0:
        execute("UPDATE credentials_offer SET tries_left = 0 WHERE code_sha256 = %s", [digest])
        note(person=person, wrong=1)
        return None
    token = keys.new_secret()
    execute(
        "UPDATE credentials_offer SET token_sha256 = %s, token_until = %s WHERE code_sha256 = %s",
        [keys.digest(token), now + TOKEN_LIFETIME, digest],
    )
    note(person=person, wallet=client_id)
    return token


def _end_what_it_gave(digest: bytes, now: datetime) -> None:
    ended = execute(
        "UPDATE credentials_offer SET token_until = least(token_until, %s)"
        " WHERE code_sha256 = %s AND challenge IS NOT NULL AND token_sha256 IS NOT NULL",
        [now - timedelta(seconds=1), digest],
    )
    if ended:
        note(replayed=1)


def _taken_once(request_uri: str, client_id: str, now: datetime, folder: Path) -> WalletRequest:
    request = opened(request_uri, now, folder)
    over = RequestOver(
        "Yêu cầu của ví đã quá hạn hoặc đã được trả lời. Bắt đầu lại trong ứng dụng ví.",
        "The wallet's request is over or was answered. Begin again in the wallet.",
    )
    if request is None or request.client_id != client_id:
        raise over
    used = execute(
        "INSERT INTO credentials_usednonce (nonce_sha256, used_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [keys.digest(request_uri), now],
    )
    if not used:
        raise over
    return request


def _may_return(address: str) -> bool:
    if not address.isascii() or not address.isprintable() or " " in address or len(address) > _REDIRECT_LENGTH_MAX:
        return False
    parts = urlsplit(address)
    if parts.fragment or "#" in address or parts.scheme in _SCHEMES_REFUSED:
        return False
    if parts.scheme == "http":
        return (parts.hostname or "") in _LOOPBACK
    if parts.scheme == "https":
        return bool(parts.hostname) and parts.username is None
    return bool(parts.scheme)
