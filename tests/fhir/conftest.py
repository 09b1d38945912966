"""One gateway for all tests of the face: a database with a few people, their books, their cards, and a facility's officers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.fhir.standing_books import fill
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase, SharedServer


@pytest.fixture(scope="session")
def database(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OwnDatabase]:
    """A migrated database for all tests of the face, filled."""
    with database_server.copy_of(database_template, "f") as own, django_db_blocker.unblock():
        fill(own)
        yield own


@pytest.fixture(scope="session")
def gateway(database: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway on that database."""
    with running_gateway(database, tmp_path_factory.mktemp("fhir"), workers=1) as running:
        yield running
