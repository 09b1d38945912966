"""Tokens of the compatible door: what they prove, for how long, and through a change of keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ansinh.access.keys import rotate
from ansinh.access.tokens import LIFETIME_MAX, BadToken
from ansinh.access.tokens.dialect import (
    KEYS_NAME,
    LIFETIME,
    REREAD_SECONDS,
    Account,
    DialectVerifier,
    dialect_keys,
    issue_pair,
)
from tests.dialect.counter import md5

NOW = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
SECONDS = NOW.timestamp()
ACCOUNT = Account("01004_BV", 7, "01004")
PASSWORD = md5("x")


class Watch:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_tokens_prove_the_account_until_they_expire(tmp_path: Path) -> None:
    verifier = DialectVerifier(tmp_path)
    pair = issue_pair(verifier.keys(), ACCOUNT, password_md5=PASSWORD.upper(), now=NOW)
    proven = verifier.verify(
        pair.access_token, pair.id_token, "01004_bv", PASSWORD, SECONDS + LIFETIME.total_seconds() - 1
    )
    assert (proven.grant.facility, proven.grant.client_no, proven.username, proven.sandbox) == (
        "01004",
        7,
        "01004_BV",
        False,
    )
    assert PASSWORD.upper() not in pair.access_token
    with pytest.raises(BadToken) as bad:
        verifier.verify(pair.access_token, pair.id_token, "01004_BV", PASSWORD, SECONDS + LIFETIME.total_seconds())
    assert bad.value.expired
    with pytest.raises(BadToken):
        verifier.verify(pair.access_token, pair.id_token, "01004_BV", PASSWORD, SECONDS - 60)
    with pytest.raises(ValueError, match="at most"):
        issue_pair(
            verifier.keys(), ACCOUNT, password_md5=PASSWORD, now=NOW, lifetime=LIFETIME_MAX + timedelta(seconds=1)
        )


def test_a_change_of_keys_is_noticed_and_keeps_what_was_signed(tmp_path: Path) -> None:
    watch = Watch()
    verifier = DialectVerifier(tmp_path, watch)
    before = issue_pair(verifier.keys(), ACCOUNT, password_md5=PASSWORD, now=NOW)
    rotate(tmp_path, KEYS_NAME)
    after = issue_pair(dialect_keys(tmp_path), ACCOUNT, password_md5=PASSWORD, now=NOW)
    watch.seconds += REREAD_SECONDS
    assert verifier.keys().signing.kid == dialect_keys(tmp_path).signing.kid
    for pair in (before, after):
        assert verifier.verify(pair.access_token, pair.id_token, "01004_BV", PASSWORD, SECONDS)
    rotate(tmp_path, KEYS_NAME)
    watch.seconds += REREAD_SECONDS
    assert verifier.keys()
    with pytest.raises(BadToken):
        verifier.verify(before.access_token, before.id_token, "01004_BV", PASSWORD, SECONDS)
