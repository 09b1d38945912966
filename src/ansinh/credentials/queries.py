"""What others may ask about credentials: the keys they are proven by, status lists, nonces, offers by name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ansinh.credentials import keys
from ansinh.credentials.keys import issuer, list_uri, new_nonce
from ansinh.credentials.saying import withdrawn_places
from ansinh.credentials.states import KINDS, TX_CODE_LENGTH, Kind, Said
from ansinh.credentials.status_lists import signed_list
from ansinh.database.sql import row, rows

__all__ = [
    "KINDS",
    "Kind",
    "Said",
    "issuer",
    "list_uri",
    "list_uris",
    "new_nonce",
    "offer_by_name",
    "offer_link",
    "offer_of",
    "public_keys",
    "status_list",
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
            "urn:ietf:params:oauth:grant-type:pre-authorized_code": {
                "pre-authorized_code": keys.code_of(reference, folder),
                "tx_code": {
                    "input_mode": "numeric",
                    "length": TX_CODE_LENGTH,
                    "description": "Nhập 6 chữ số đang hiện trên trang của bạn · Enter the 6 digits your page shows",
                },
            }
        },
    }
