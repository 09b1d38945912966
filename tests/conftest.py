"""Fixtures every test may use. Databases: see `fresh_database` and pytest-django's `db`.

- `db` (or the mark `django_db`): Django on this worker's own database, rolled back after each test.
- `fresh_database`: a database of the test's own, for tests that commit, start servers or crash things.
- `database_server`: the throw-away server itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from ansinh.foundation.settings import settings
from tests.support.database import (
    OwnDatabase,
    SharedServer,
    close_django,
    home_of_tests,
    migrate_with_django,
    point_django_at,
    point_settings_at,
    pointed_at,
)

# A slow machine is no defect: no promise of ours is timed here. `make test` makes up the same examples each time, so that what fails can be run again;
# a campaign makes up new ones.
hypothesis.settings.register_profile(
    "test", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "campaign", deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("campaign" if os.environ.get("CAMPAIGN") else "test")

# From here on no test reaches another machine.
pytest_plugins = ["tests.support.loopback", "tests.support.campaign", "tests.support.groups"]

# No test may ever reach the developer's own database.
for _name in ("DATABASE_URL", "ANSINH_DATABASE_APP_URL", "ANSINH_DATABASE_GATEWAY_URL"):
    os.environ.pop(_name, None)
_HOME = home_of_tests()
os.environ["ANSINH_DATA"] = str(_HOME)
settings.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit need a database of their own: the running role cannot empty tables behind them."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture `fresh_database` instead of transaction=True")


@pytest.fixture(scope="session")
def database_server() -> Iterator[SharedServer]:
    """The throw-away PostgreSQL server that all test processes of this clone share."""
    server = SharedServer(_HOME)
    server.join()
    yield server
    server.leave()


@pytest.fixture(scope="session")
def database_template(
    database_server: SharedServer, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> str:
    """Name of the migrated template database."""
    with django_db_blocker.unblock():
        return database_server.template(migrate_with_django)


@pytest.fixture(scope="session")
def worker_database(database_server: SharedServer, database_template: str) -> Iterator[OwnDatabase]:
    """This worker's migrated database; tests see it through `db`, which rolls back."""
    with database_server.copy_of(database_template, "w") as database:
        yield database


@pytest.fixture(scope="session")
def django_db_setup(worker_database: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django and the settings at this worker's database."""
    with django_db_blocker.unblock():
        point_settings_at(worker_database)
        point_django_at(worker_database.urls)
    yield
    with django_db_blocker.unblock():
        close_django()


@pytest.fixture
def fresh_database(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OwnDatabase]:
    """A migrated database of the test's own, dropped after it; Django and the settings point at it meanwhile."""
    with (
        database_server.copy_of(database_template, "f") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
    ):
        yield database
