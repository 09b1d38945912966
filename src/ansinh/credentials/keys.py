"""Codes, tokens, nonces and addresses of credentials: made from secrets, kept as digests."""

from __future__ import annotations

import hashlib
import hmac
import secrets as chance
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from pathlib import Path

from ansinh.access.keys import SigningKeys, kept_secret, signing_keys
from ansinh.credentials.states import NONCE_LIFETIME, TX_CODE_LENGTH
from ansinh.foundation.settings import settings

KEYS_NAME = "credentials"
_NONCE_BYTES, _MOMENT_BYTES, _MARK_BYTES = 12, 8, 16


def issuer() -> str:
    """Return the identifier of the issuer: where the screens are, and below it."""
    return f"{settings().public_url}/credentials"


def permit_page() -> str:
    """Return the portal's page where a citizen permits a wallet what it asks for."""
    return f"{settings().public_url}/card/wallet/permit"


def list_uri(list_no: int) -> str:
    """Return where a status list is fetched, which is its name."""
    return f"{issuer()}/status/{list_no}"


def issuer_keys(folder: Path) -> SigningKeys:
    """Return the keys credentials and status lists are signed with."""
    return signing_keys(folder, KEYS_NAME)


def digest(text: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def new_reference() -> str:
    """Return a random name for an offer, by which a wallet fetches it."""
    return chance.token_urlsafe(16)


def new_secret() -> str:
    """Return a random token."""
    return chance.token_urlsafe(32)


def new_tx_code() -> str:
    """Return digits another screen shows, so that who saw a QR code alone gets nothing."""
    return "".join(chance.choice("0123456789") for _ in range(TX_CODE_LENGTH))


def code_of(reference: str, folder: Path) -> str:
    """Return the code of an offer: made from its name and a secret, so that the offer can be fetched and the code is kept nowhere."""
    return _mark(folder, f"code {reference}".encode(), 32)


def new_nonce(now: datetime, folder: Path) -> str:
    """Return a nonce for a key proof: it says when it was made and that we made it, so that nothing is kept of those never used."""
    made = int(now.timestamp()).to_bytes(_MOMENT_BYTES, "big") + chance.token_bytes(_NONCE_BYTES)
    return f"{_text(made)}{_mark(folder, b'nonce ' + made, _MARK_BYTES)}"


def fresh_nonce(nonce: str, now: datetime, folder: Path) -> bool:
    """Tell whether we made a nonce, and lately; whether it was used is known elsewhere."""
    length = len(_text(bytes(_MOMENT_BYTES + _NONCE_BYTES)))
    head, mark = nonce[:length], nonce[length:]
    try:
        made = urlsafe_b64decode(head + "=" * (-len(head) % 4))
    except ValueError:
        return False
    if len(made) != _MOMENT_BYTES + _NONCE_BYTES or not nonce.isascii():
        return False
    if not hmac.compare_digest(mark, _mark(folder, b"nonce " + made, _MARK_BYTES)):
        return False
    age = now.timestamp() - int.from_bytes(made[:_MOMENT_BYTES], "big")
    return age + 1 >= 0 and age <= NONCE_LIFETIME.total_seconds()


def _mark(folder: Path, content: bytes, length: int) -> str:
    key = kept_secret(folder, "credential-codes").encode()
    return _text(hmac.new(key, content, hashlib.sha256).digest()[:length])


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
