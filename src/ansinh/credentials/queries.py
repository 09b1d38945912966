"""What others may ask about credentials: the keys they are proven by, status lists, nonces, offers by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ansinh.credentials import keys
from ansinh.credentials.asked import (
    STATE_LENGTH_MAX,
    InvalidRequest,
    InvalidScope,
    UnknownWallet,
    WalletRequest,
    kinds_of,
    opened,
    require_challenge,
    sealed,
)
from ansinh.credentials.keys import issuer, list_uri, new_nonce
from ansinh.credentials.saying import papers_of, withdrawn_places
from ansinh.credentials.states import KINDS, TX_CODE_LENGTH, Kind, Said
from ansinh.credentials.status_lists import signed_list
from ansinh.database.sql import number, row, rows

__all__ = [
    "KINDS",
    "InvalidRequest",
    "InvalidScope",
    "Kind",
    "Said",
    "UnknownWallet",
    "WalletRequest",
    "copies_held",
    "issuer",
    "list_uri",
    "list_uris",
    "new_nonce",
    "offer_by_name",
    "offer_link",
    "offer_of",
    "papers_ready",
    "public_keys",
    "request_of",
    "request_uri_of",
    "returned_to",
    "status_list",
    "wallet_name",
    "where_permitted",
]


def offer_link(reference: str) -> str:
    """Return the link a wallet opens: the offer by reference (OpenID4VCI 1.0, section 4.1.3)."""
    where = f"{issuer()}/offers/{reference}"
    return f"openid-credential-offer://?{urlencode({'credential_offer_uri': where})}"


def public_keys(folder: Path) -> list[dict[str, Any]]:
    """Return the public keys credentials and status lists are proven by, the newest first."""
    return [dict(key.as_dict(private=False)) for key in keys.issuer_keys(folder).valid]


def status_list(list_no: int, now: datetime, folder: Path) -> str | None:
    """Return a status list, signed now, or None when there is none of that number. Token Status List, section 5."""
    if row("SELECT 1 FROM credentials_list WHERE list_no = %s", [list_no]) is None:
        return None
    return signed_list(list_uri(list_no), withdrawn_places(list_no), keys.issuer_keys(folder).signing, now)


def list_uris() -> list[str]:
    """Return where the status lists are, the newest first. Token Status List, section 9.3."""
    return [list_uri(int(one)) for (one,) in rows("SELECT list_no FROM credentials_list ORDER BY list_no DESC")]


def offer_by_name(reference: str, now: datetime, folder: Path) -> dict[str, Any] | None:
    """Return an offer that can still be taken, as a wallet reads it (OpenID4VCI 1.0, section 4.1.1), or None."""
    found = row(
        "SELECT kinds FROM credentials_offer WHERE code_sha256 = %s AND token_sha256 IS NULL AND expires_at > %s AND tries_left > 0",
        [keys.digest(keys.code_of(reference, folder)), now],
    )
    return offer_of(reference, found[0], folder) if found else None


def offer_of(reference: str, kinds: list[str], folder: Path) -> dict[str, Any]:
    """Return an offer as a wallet reads it; it holds the code, so it is shown to the person alone."""
    return {
        "credential_issuer": issuer(),
        "credential_configuration_ids": list(kinds),
        "grants": {
            "authorization_code": {},
            "urn:ietf:params:oauth:grant-type:pre-authorized_code": {
                "pre-authorized_code": keys.code_of(reference, folder),
                "tx_code": {
                    "input_mode": "numeric",
                    "length": TX_CODE_LENGTH,
                    "description": "Nhập 6 chữ số đang hiện trên trang của bạn · Enter the 6 digits your page shows",
                },
            },
        },
    }


def where_permitted() -> str:
    """Return where a citizen permits a wallet what it asks for (the authorization endpoint): a page of the portal."""
    return keys.permit_page()


def request_uri_of(said: Mapping[str, str], now: datetime, folder: Path) -> str:
    """Return the name of what a wallet asks for, to be opened at `where_permitted` (RFC 9126, section 2).

    Refuses `invalid_client` (a wallet nobody registered), `invalid_request` (above all: another address to return to than registered), `invalid_scope`.
    """
    client_id, redirect_uri = said.get("client_id", ""), said.get("redirect_uri", "")
    known = row("SELECT redirect_uris FROM credentials_wallet WHERE client_id = %s", [client_id.replace("\0", "")])
    if known is None:
        raise UnknownWallet("Ví này chưa được đăng ký.", "This wallet is not registered.")
    if redirect_uri not in known[0]:
        raise InvalidRequest("Địa chỉ trả về không đúng như đã đăng ký.", "The redirect_uri is not a registered one.")
    if said.get("response_type") != "code" or said.get("request_uri") or said.get("authorization_details"):
        raise InvalidRequest("Chỉ nhận response_type=code và scope.", "Ask by response_type=code and scope alone.")
    state = said.get("state", "")
    if len(state) > STATE_LENGTH_MAX:
        raise InvalidRequest("Giá trị state quá dài.", f"The state is longer than {STATE_LENGTH_MAX}.")
    require_challenge(said.get("code_challenge", ""), said.get("code_challenge_method", ""))
    asked = WalletRequest(client_id, redirect_uri, state, kinds_of(said.get("scope", "")), said["code_challenge"])
    return sealed(asked, now, folder)


def request_of(request_uri: str, client_id: str, now: datetime, folder: Path) -> WalletRequest | None:
    """Return what a wallet asks for by the name it was given, or None when it is over, answered, or another wallet's."""
    found = opened(request_uri, now, folder)
    if found is None or found.client_id != client_id:
        return None
    answered = row("SELECT 1 FROM credentials_usednonce WHERE nonce_sha256 = %s", [keys.digest(request_uri)])
    return None if answered else found


def returned_to(request: WalletRequest, **answer: str) -> str:
    """Return where a citizen goes back to, with the answer, the wallet's own word and who answers (RFC 9207)."""
    parts = urlsplit(request.redirect_uri)
    told = answer | ({"state": request.state} if request.state else {}) | {"iss": issuer()}
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(told))))))


def wallet_name(client_id: str) -> str:
    """Return what a registered wallet is called, or nothing."""
    found = row("SELECT name FROM credentials_wallet WHERE client_id = %s", [client_id])
    return str(found[0]) if found else ""


def papers_ready(person_id: int, moment: datetime) -> list[Kind]:
    """Return of which kinds a person has a paper today."""
    return [kind for kind in Kind if papers_of(kind, person_id, moment)]


def copies_held(person_id: int, now: datetime) -> int:
    """Return how many copies of a person's papers wallets hold that are good still."""
    return number(
        "SELECT count(*) FROM credentials_issued WHERE person_id = %s AND holder_bound AND withdrawn_at IS NULL AND expires_at > %s",
        [person_id, now],
    )
