"""One gateway for all tests of the pulls: a database with a few citizens who have something of everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_eid.people import fill
from tests.support.database import OwnDatabase, SharedServer, pointed_at


@pytest.fixture(scope="package")
def citizens(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OwnDatabase]:
    """A database of the package's own."""
    with database_server.copy_of(database_template, "e") as database, django_db_blocker.unblock():
        fill(database)
        yield database


@pytest.fixture
def looked_at(citizens: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """Django and the settings point at it meanwhile."""
    with django_db_blocker.unblock(), pointed_at(citizens):
        yield citizens


@pytest.fixture(scope="package")
def gateway(citizens: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(citizens, tmp_path_factory.mktemp("gateway"), workers=1) as running:
        yield running
