"""One database for all tests that read: each has persons of its own."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.health_reading.books import found_places
from tests.support.database import OwnDatabase, SharedServer


@pytest.fixture(scope="session")
def books(database_server: SharedServer, database_template: str) -> Iterator[OwnDatabase]:
    """A migrated database with facilities and their officers."""
    with database_server.copy_of(database_template, "f") as database:
        with psycopg.connect(database.urls.owner) as owner:
            found_places(owner)
        yield database


@pytest.fixture
def gateway_line(books: OwnDatabase) -> Iterator[psycopg.Connection]:
    """A connection as the gateway has it."""
    with psycopg.connect(books.urls.gateway, autocommit=True) as connection:
        yield connection
