"""Signing keys kept as files in the folder of secrets: made on first use, readable by their owner only, two valid at once while one replaces the other.

`NAME.private.jwks.json` holds our private keys, the newest first; `NAME.public.jwks.json` the halves others may see. Keys are EC P-256, for ES256 only;
a key's id is its RFC 7638 thumbprint. No Django here.
"""

from __future__ import annotations

import json
import os
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

# The newest signs; the one before it is still accepted, until the next rotation.
KEYS_VALID_MAX = 2
SECRET_BYTES = 32


@dataclass(frozen=True)
class SigningKeys:
    """Keys of one purpose: the first signs, all of them verify."""

    valid: tuple[ECKey, ...]

    @property
    def signing(self) -> ECKey:
        """Return the key new signatures are made with."""
        return self.valid[0]

    def by_id(self) -> dict[str, ECKey]:
        """Return the public halves by key id."""
        return {str(key.kid): ECKey.import_key(key.as_dict(private=False)) for key in self.valid}


def new_key() -> ECKey:
    """Make an EC P-256 key named by its thumbprint."""
    return ECKey.generate_key("P-256", auto_kid=True)


def signing_keys(secrets: Path, name: str) -> SigningKeys:
    """Return the keys of the purpose `name`, made on first use."""
    file = _private(secrets, name)
    if not file.exists():
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(file, [new_key().as_dict(private=True)], only_if_absent=True)
    keys = SigningKeys(tuple(ECKey.import_key(entry) for entry in _entries(file)[:KEYS_VALID_MAX]))
    _publish(secrets, name, keys)
    return keys


def rotate(secrets: Path, name: str) -> SigningKeys:
    """Put a new key first; what the former one signed stays valid until the next rotation."""
    former = signing_keys(secrets, name)
    keys = SigningKeys((new_key(), *former.valid)[:KEYS_VALID_MAX])
    _write(_private(secrets, name), [key.as_dict(private=True) for key in keys.valid])
    _publish(secrets, name, keys)
    return keys


def published_keys(secrets: Path, name: str) -> dict[str, ECKey]:
    """Return the public keys of `name`, ours or a partner's, by key id; empty while there are none."""
    file = _public(secrets, name)
    if not file.exists():
        return {}
    keys = [ECKey.import_key(entry) for entry in _entries(file)[:KEYS_VALID_MAX]]
    return {str(key.kid): key for key in keys if not key.is_private}


def kept_secret(secrets: Path, name: str) -> str:
    """Return the secret text of the purpose `name` (32 random bytes, URL-safe), made on first use."""
    file = secrets / f"{name}.secret"
    if not file.exists():
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        _place(file, urlsafe_b64encode(os.urandom(SECRET_BYTES)).decode(), only_if_absent=True)
    return file.read_text(encoding="utf-8").strip()


def write_private(file: Path, content: str) -> None:
    """Write a secret to a file that only its owner can read, all or nothing; replaces what was there."""
    _place(file, content, only_if_absent=False)


def _private(secrets: Path, name: str) -> Path:
    return secrets / f"{name}.private.jwks.json"


def _public(secrets: Path, name: str) -> Path:
    return secrets / f"{name}.public.jwks.json"


def _publish(secrets: Path, name: str, keys: SigningKeys) -> None:
    """Written whenever it differs, so that a crash between the two files heals at the next use."""
    file = _public(secrets, name)
    entries = [key.as_dict(private=False) for key in keys.valid]
    if not file.exists() or _entries(file) != entries:
        _write(file, entries)


def _entries(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["keys"]
    return entries


def _write(target: Path, entries: list[dict[str, Any]], *, only_if_absent: bool = False) -> None:
    _place(target, json.dumps({"keys": entries}, indent=1), only_if_absent=only_if_absent)


def _place(target: Path, content: str, *, only_if_absent: bool) -> None:
    descriptor, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # born readable by its owner only
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if only_if_absent:
            try:
                os.link(made, target)
            except FileExistsError:  # Another process was first; its file stands.
                return
        else:
            Path(made).replace(target)
    finally:
        Path(made).unlink(missing_ok=True)
