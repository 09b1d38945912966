"""The databases that every other test stands on."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, connections

from ansinh.database.urls import database_urls
from ansinh.foundation.settings import settings
from tests.support.database import OwnDatabase


@pytest.mark.django_db
def test_db_runs_as_the_running_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone()[0] == "ansinh_app"


def test_fresh_database_is_migrated_and_everyone_points_at_it(fresh_database: OwnDatabase) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database(), count(*) > 0 FROM django_migrations")
        assert cursor.fetchone() == ("ansinh_owner", fresh_database.name, True)
    assert database_urls(settings()).gateway == fresh_database.urls.gateway
    with psycopg.connect(fresh_database.urls.app) as committed:
        assert committed.info.dbname == fresh_database.name


def test_fresh_database_keeps_nothing_of_the_test_before(fresh_database: OwnDatabase) -> None:
    with psycopg.connect(fresh_database.urls.owner) as first:
        assert first.execute("SELECT to_regclass('leftover')").fetchone() == (None,)
        first.execute("CREATE TABLE leftover ()")


test_fresh_database_is_fresh_again = test_fresh_database_keeps_nothing_of_the_test_before
