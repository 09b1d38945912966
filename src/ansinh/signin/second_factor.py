"""The second factor: time-based one-time codes (RFC 6238, six digits, thirty seconds), each good once. Secrets are kept encrypted."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pyotp
from cryptography.fernet import Fernet

from ansinh.access.keys import kept_secret

STEP_SECONDS = 30
# A clerk's telephone may be half a minute off, either way.
STEPS_ASIDE = 1
ISSUER = "Ansinh"
_SECRET = "second-factor"  # noqa: S105 - the name of a file


def new_secret() -> str:
    """Make the secret that we and the officer's telephone share."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, account: str) -> str:
    """Return what the QR code of an enrolment says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of_code(secret: str, code: str, now: datetime, last_step: int = 0) -> int | None:
    """Return the step a code belongs to, or None when it is wrong, too old, too early or used before."""
    given = "".join(code.split())
    if not (given.isascii() and given.isdigit()):
        given = "000000-"
    found, totp = None, pyotp.TOTP(secret)
    step = int(now.timestamp()) // STEP_SECONDS
    for aside in range(-STEPS_ASIDE, STEPS_ASIDE + 1):
        # Every candidate is compared, so that the time taken tells nothing.
        right = pyotp.utils.strings_equal(given, totp.at(now + timedelta(seconds=aside * STEP_SECONDS)))
        if right and step + aside > last_step:
            found = step + aside
    return found


def sealed(secret: str, folder: Path) -> str:
    """Return the secret as it is kept in the database."""
    return _box(folder).encrypt(secret.encode()).decode()


def opened(kept: str, folder: Path) -> str:
    """Return a kept secret in plain."""
    return _box(folder).decrypt(kept.encode()).decode()


@cache
def _box(folder: Path) -> Fernet:
    return Fernet(kept_secret(folder, _SECRET))
