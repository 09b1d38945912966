"""The agencies and shops that may ask the e-ID who somebody is: what each registered. Also: what a request said, and what was given for it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet

from ansinh_sandbox.signed_messages import published_keys

SCOPES = ("openid",)
METHOD = "private_key_jwt"
# Under these names the platform publishes the keys of its door, to sign with and to be encrypted to.
SIGNING_NAME, OPENING_NAME = "citizens-door", "citizens-door-opening"


@dataclass(frozen=True)
class Client:
    """A registered client. The methods are what the flows' library asks."""

    client_id: str
    name_vi: str
    name_en: str
    redirect_uris: tuple[str, ...]
    after_logout: tuple[str, ...] = ()
    told_of_logout_at: str = ""
    id_token_alg: str = "ES256"  # noqa: S105 - the name of an algorithm
    userinfo_alg: str = "ES256"
    encrypted: bool = True
    id_token_encrypted: bool = False
    jwks: dict[str, Any] = field(default_factory=dict)
    secrets: Path | None = None

    def signing_keys(self) -> KeySet:
        """Return the keys its assertions may be signed with, as published now."""
        if self.secrets is not None:
            return KeySet(list(published_keys(self.secrets, SIGNING_NAME).values()))
        return KeySet.import_key_set({"keys": [key for key in self.jwks["keys"] if key.get("use") != "enc"]})

    def opening_key(self) -> dict[str, Any]:
        """Return the public key that what is told about people is encrypted to."""
        if self.secrets is not None:
            return next(iter(published_keys(self.secrets, OPENING_NAME).values())).as_dict(private=False)
        found: dict[str, Any] = next(key for key in self.jwks["keys"] if key.get("use") == "enc")
        return found

    def get_client_id(self) -> str:
        """Return its id."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """There is none: each request names the address, exactly."""
        return

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return what of a scope it may have."""
        return " ".join(one for one in (scope or "").split() if one in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether an address is registered, letter by letter."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """There are no secrets."""
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Tell whether it may prove itself so: by a signed assertion alone."""
        return method == METHOD

    def check_response_type(self, response_type: str) -> bool:
        """Tell whether it may ask for this: codes alone."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether it may bring this: codes alone."""
        return grant_type == "authorization_code"


@dataclass
class Code:
    """An authorization code: good once, for a minute."""

    code: str
    client_id: str
    redirect_uri: str
    pin: str
    nonce: str
    code_challenge: str
    acr: str
    auth_time: int
    session: str
    claims: dict[str, Any]
    code_challenge_method: str = "S256"
    made_at: float = field(default_factory=time.monotonic)
    used: bool = False
    token: str = ""

    def get_redirect_uri(self) -> str:
        """Return the address it was given to."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """Return what it is good for."""
        return "openid"


def clients_from(file: Path) -> dict[str, Client]:
    """Read registered clients from a JSON file."""
    entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    for entry in entries:
        entry.update({name: tuple(entry.get(name, ())) for name in ("redirect_uris", "after_logout")})
    return {entry["client_id"]: Client(**entry) for entry in entries}


def agency(base: str, secrets: Path, **different: Any) -> Client:
    """Return the social-security agency as it registered: its screens are at `base`, its keys in the folder of secrets that both sides read."""
    registered: dict[str, Any] = {
        "client_id": "social-security.example",
        "name_vi": "Cơ quan bảo hiểm xã hội",
        "name_en": "Social-security agency",
        "redirect_uris": (f"{base}/sign-in/callback",),
        "after_logout": (f"{base}/signed-out", f"{base}/en/signed-out"),
        "told_of_logout_at": f"{base}/sign-in/ended",
        "secrets": secrets,
    }
    return Client(**{**registered, **different})
