"""What is forgotten once it proves nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from ansinh.credentials.states import NONCE_LIFETIME
from ansinh.database.sql import execute

_KEPT_AFTER = timedelta(days=1)


def forget_old(now: datetime) -> None:
    """Forget codes that are long over, and nonces that are too old to be used again."""
    execute("DELETE FROM credentials_offer WHERE expires_at < %s", [now - _KEPT_AFTER])
    execute("DELETE FROM credentials_usednonce WHERE used_at < %s", [now - 2 * NONCE_LIFETIME])
