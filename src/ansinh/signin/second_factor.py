"""The second factor: time-based one-time codes (RFC 6238, six digits, thirty seconds), each good once. Secrets are kept encrypted."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from ansinh.access.keys import kept_secret

STEP_SECONDS = 30
# A clerk's telephone may be half a minute off, either way.
STEPS_ASIDE = 1
ISSUER = "Ansinh"
OFFER_LIFETIME = timedelta(minutes=30)
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


def sealed(secret: str, folder: Path, now: datetime) -> str:
    """Return the secret as it is kept in the database, or carried by an enrolment page."""
    return _box(folder).encrypt_at_time(secret.encode(), int(now.timestamp())).decode()


def opened(kept: str, folder: Path) -> str:
    """Return a kept secret in plain."""
    return _box(folder).decrypt(kept.encode()).decode()


def opened_offer(offer: str, folder: Path, now: datetime) -> str | None:
    """Return the secret of an offer made on an enrolment page, or None when it is too old or not ours."""
    try:
        return (
            _box(folder)
            .decrypt_at_time(offer.encode(), ttl=int(OFFER_LIFETIME.total_seconds()), current_time=int(now.timestamp()))
            .decode()
        )
    except (InvalidToken, ValueError):
        return None


@cache
def _box(folder: Path) -> Fernet:
    return Fernet(kept_secret(folder, _SECRET))
