"""The provider's keys: one for each algorithm it signs with, kept in a file of its own, and new ones put first."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

RSA_BITS = 2048
KEYS_FILE = "keys.json"
PAIRWISE_FILE = "pairwise.salt"
_SALT_BYTES = 32
SIGNED_WITH = ("ES256", "PS256", "RS256")
ENCRYPTED_WITH = ("ECDH-ES", "A256GCM")


class Keys:
    """Keys by algorithm; the newest signs, all are published."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = folder / KEYS_FILE
        if self._file.exists():
            entries: list[dict[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
            self._keys = [_imported(entry) for entry in entries]
        else:
            # Both RSA algorithms may use one key; a key says what it is for when it is published.
            self._keys = [_new("ES256"), _new("RS256")]
            self._keep()
        salt = folder / PAIRWISE_FILE
        if not salt.exists():
            salt.write_bytes(os.urandom(_SALT_BYTES))
        self.pairwise = salt.read_bytes()
        """What the names clients are told are made with, so that they stay the same."""

    def signing(self, algorithm: str) -> ECKey | RSAKey:
        """Return the key that signs with an algorithm now."""
        wanted = ECKey if algorithm == "ES256" else RSAKey
        return next(key for key in self._keys if isinstance(key, wanted))

    def rotate(self, algorithm: str) -> None:
        """Put a new key first for an algorithm; the former one stays published."""
        self._keys.insert(0, _new(algorithm))
        self._keep()

    def published(self) -> dict[str, Any]:
        """Return the JWK set."""
        return {"keys": [{**key.as_dict(private=False), "use": "sig"} for key in self._keys]}

    def verifying(self) -> KeySet:
        """Return the keys to check our own tokens with."""
        return KeySet(list(self._keys))

    def _keep(self) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump([key.as_dict(private=True) for key in self._keys], file)


def stranger() -> ECKey:
    """Return a key nobody has published."""
    return ECKey.generate_key("P-256", auto_kid=True)


def signed(claims: dict[str, Any], key: ECKey | RSAKey, algorithm: str, kind: str = "JWT") -> str:
    """Return a signed token."""
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": kind}, claims, key, algorithms=[algorithm])


def encrypted(token: str, jwk: dict[str, Any]) -> str:
    """Return a signed token encrypted to a client's key: nested, as OpenID Connect Core 10.2 has it."""
    key = ECKey.import_key(jwk)
    header = {"alg": ENCRYPTED_WITH[0], "enc": ENCRYPTED_WITH[1], "cty": "JWT", "kid": key.kid}
    return jwe.encrypt_compact(header, token, key, algorithms=list(ENCRYPTED_WITH))


def _new(algorithm: str) -> ECKey | RSAKey:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", auto_kid=True)
    return RSAKey.generate_key(RSA_BITS, auto_kid=True)


def _imported(entry: dict[str, Any]) -> ECKey | RSAKey:
    return ECKey.import_key(entry) if entry["kty"] == "EC" else RSAKey.import_key(entry)
