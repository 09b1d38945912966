"""A morning at the desk, begun once for all tests of a module: real gateway, real screens, real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.desk.world import World, morning
from tests.support.database import OwnDatabase, SharedServer, point_django_at, point_settings_at


@pytest.fixture(scope="module")
def world(
    database_server: SharedServer,
    database_template: str,
    worker_database: OwnDatabase,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The clinic of the desk's tests."""
    with database_server.copy_of(database_template, "f") as database, django_db_blocker.unblock():
        point_settings_at(database)
        point_django_at(database.urls)
        try:
            with morning(database, tmp_path_factory.mktemp("desk")) as found:
                yield found
        finally:
            point_settings_at(worker_database)
            point_django_at(worker_database.urls)
