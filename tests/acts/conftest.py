"""One database for a module of acting pages: settled once; tests that only use Django's own browser are rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.acts.world import settle
from tests.support.database import OwnDatabase, SharedServer, pointed_at


@pytest.fixture(scope="module")
def settled(
    database_server: SharedServer, database_template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[OwnDatabase]:
    """The family's own database."""
    with database_server.copy_of(database_template, "a") as database, django_db_blocker.unblock(), pointed_at(database):
        settle()
        yield database


@pytest.fixture
def rolled_back(settled: OwnDatabase) -> Iterator[None]:
    """A test whose acts are undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
