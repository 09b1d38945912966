"""The household of the portal's tests, settled once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.portal.household import Household, furnish
from tests.support.database import SharedServer, pointed_at


@pytest.fixture(scope="module")
def household(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Household]:
    """A mother, a father, their child and a neighbour, on record."""
    with (
        database_server.copy_of(database_template, "f") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
    ):
        yield furnish(database, tmp_path_factory.mktemp("portal"))
