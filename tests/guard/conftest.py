"""A database, and a connection to it as a gateway has."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.guard.workers import Clockwork
from tests.support.database import OwnDatabase


@pytest.fixture
def clock() -> Clockwork:
    """A clock that stands until it is moved."""
    return Clockwork()


@pytest.fixture
def gateway_role(fresh_database: OwnDatabase) -> Iterator[psycopg.Connection]:
    """A connection that may only call what is published."""
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as connection:
        yield connection
