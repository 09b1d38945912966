"""One gateway for all tests of a module: they do not disturb one another, each sends files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.gateway_submissions.door import Door, open_door
from tests.support.database import SharedServer, pointed_at


@pytest.fixture(scope="module")
def door(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Door]:
    """A facility's software in front of a running gateway."""
    folder: Path = tmp_path_factory.mktemp("door")
    with (
        database_server.copy_of(database_template, "s") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
        open_door(database, folder, workers=2) as door,
    ):
        yield door
