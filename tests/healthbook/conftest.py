"""One database for all tests of a module that do not disturb one another: each has episodes of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.healthbook.inbox import Inbox
from tests.support.database import OwnDatabase, SharedServer, point_django_at, point_settings_at


@pytest.fixture(scope="module")
def inbox(
    database_server: SharedServer,
    database_template: str,
    worker_database: OwnDatabase,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Inbox]:
    """A database with the sound visit's patient in it."""
    from django.db import connections  # noqa: PLC0415 - Django may not be imported before pytest-django sets it up

    with database_server.copy_of(database_template, "h") as database, django_db_blocker.unblock():
        point_settings_at(database)
        point_django_at(database.urls)
        try:
            inbox = Inbox(database)
            inbox.add_patient()
            yield inbox
        finally:
            connections.close_all()
            point_settings_at(worker_database)
            point_django_at(worker_database.urls)
