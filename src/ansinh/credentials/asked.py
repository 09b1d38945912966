"""What a wallet asks before a citizen is asked: sealed into the name of the request, so that nothing is kept of those that nobody ever answers.

RFC 9126 (pushed requests), RFC 7636 (S256 alone), OpenID4VCI 1.0 section 5. No Django here.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from ansinh.access.keys import kept_secret
from ansinh.credentials.states import REQUEST_LIFETIME, Kind
from ansinh.foundation.errors import InvalidInput

PREFIX = "urn:ietf:params:oauth:request_uri:"
STATE_LENGTH_MAX = 200
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_KEY_NAME = "credential-requests"


@dataclass(frozen=True)
class WalletRequest:
    """What a wallet asks for: which papers, where its citizen is sent back to with what it knows the answer by, and the digest of its secret."""

    client_id: str
    redirect_uri: str
    state: str
    kinds: tuple[Kind, ...]
    challenge: str


class UnknownWallet(InvalidInput):
    """A wallet nobody registered, or one sending its citizens where it is not registered to."""

    code = "invalid_client"


class InvalidScope(InvalidInput):
    """A scope that names no paper, or one there is none of."""

    code = "invalid_scope"


class InvalidRequest(InvalidInput):
    """A request that breaks a rule of the protocol."""

    code = "invalid_request"


def sealed(request: WalletRequest, now: datetime, folder: Path) -> str:
    """Return the name of a request: it holds the whole, and only we can read it; good for REQUEST_LIFETIME."""
    content = [request.client_id, request.redirect_uri, request.state, list(request.kinds), request.challenge]
    box = Fernet(kept_secret(folder, _KEY_NAME))
    return PREFIX + box.encrypt_at_time(json.dumps(content).encode(), int(now.timestamp())).decode("ascii").rstrip("=")


def opened(request_uri: str, now: datetime, folder: Path) -> WalletRequest | None:
    """Return a request by its name, or None when it is not ours or too old."""
    text = request_uri.removeprefix(PREFIX)
    if text == request_uri or not text.isascii():
        return None
    box = Fernet(kept_secret(folder, _KEY_NAME))
    lifetime = int(REQUEST_LIFETIME.total_seconds())
    try:
        plain = box.decrypt_at_time(text + "=" * (-len(text) % 4), lifetime, int(now.timestamp()))
    except InvalidToken:
        return None
    client_id, redirect_uri, state, kinds, challenge = json.loads(plain)
    return WalletRequest(client_id, redirect_uri, state, tuple(Kind(one) for one in kinds), challenge)


def kinds_of(scope: str) -> tuple[Kind, ...]:
    """Return the papers a scope names, each once. Refuses `invalid_scope`."""
    known = {kind.value for kind in Kind}
    named = scope.split(" ")
    if not scope or len(set(named)) != len(named) or not set(named) <= known:
        raise InvalidScope("Phạm vi không có trong danh mục.", "The scope names papers we do not issue.")
    return tuple(Kind(one) for one in named)


def require_challenge(challenge: str, method: str) -> None:
    """Refuse (`invalid_request`) a digest that is none: PKCE with S256 is not optional here."""
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise InvalidRequest("Cần code_challenge kiểu S256.", "A code_challenge by S256 is needed.")


def challenge_of(verifier: str) -> str | None:
    """Return the digest of a secret, or None when it has no secret's shape (RFC 7636, section 4)."""
    if not _VERIFIER.fullmatch(verifier):
        return None
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
