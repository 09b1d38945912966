"""A morning at the desk, begun once for all tests of a module: real gateway, real screens, real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.desk.world import World, morning
from tests.support.database import SharedServer, pointed_at


@pytest.fixture(scope="module")
def world(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The clinic of the desk's tests."""
    with (
        database_server.copy_of(database_template, "f") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
        morning(database, tmp_path_factory.mktemp("desk")) as found,
    ):
        yield found
