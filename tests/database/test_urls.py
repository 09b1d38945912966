"""Addresses say the same to every driver."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import psycopg

from ansinh.database.elsewhere import without_password
from ansinh.database.folder import data_folder
from ansinh.database.urls import asyncpg_arguments, database_urls, django_database, secrets_folder
from ansinh.foundation.settings import Settings, read_settings
from tests.support.database import OwnDatabase

ELSEWHERE = "postgresql://agency:p%40ss@db.example:6432/ansinh?sslmode=verify-full"


def settings_with(tmp_path: Path, **changes: Any) -> Settings:
    bare = replace(read_settings(), database_url=None, database_app_url=None, database_gateway_url=None)
    return replace(bare, data_dir=tmp_path, secrets_dir=None, **changes)


def test_clones_and_homes_do_not_share_a_server(tmp_path: Path) -> None:
    urls = [database_urls(settings_with(tmp_path / name)).app for name in ("one", "other")]
    assert urls[0] != urls[1]


def test_own_data_folder_is_in_the_users_data_home(tmp_path: Path) -> None:
    bare = replace(settings_with(tmp_path), data_dir=None)
    assert data_folder(bare).parent.name == "ansinh"


def test_server_elsewhere_gives_the_roles_passwords_of_their_own(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, database_url=ELSEWHERE)
    urls = database_urls(settings)
    assert urls == database_urls(settings)  # made once, then read
    assert (urls.superuser, urls.owner) == (None, ELSEWHERE)
    for url, role in ((urls.app, "ansinh_app"), (urls.gateway, "ansinh_gateway")):
        found = django_database(url)
        assert (found["USER"], found["HOST"], found["PORT"], found["NAME"]) == (role, "db.example", "6432", "ansinh")
        assert found["OPTIONS"] == {"sslmode": "verify-full"}
        assert len(found["PASSWORD"]) >= 32
        assert "p%40ss" not in url
    kept = secrets_folder(settings) / "database-roles.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_addresses_given_by_the_operator_are_taken_as_they_are(tmp_path: Path) -> None:
    given = {"database_app_url": "postgresql://a/b", "database_gateway_url": "postgresql://c/d"}
    urls = database_urls(settings_with(tmp_path, database_url=ELSEWHERE, **given))
    assert (urls.app, urls.gateway) == ("postgresql://a/b", "postgresql://c/d")
    assert not secrets_folder(settings_with(tmp_path)).exists()


def test_password_is_not_shown() -> None:
    assert without_password(ELSEWHERE) == "postgresql://agency@db.example:6432/ansinh?sslmode=verify-full"


def test_every_driver_reaches_the_same_database(worker_database: OwnDatabase) -> None:
    query = "SELECT current_user || ' ' || current_database()"
    expected = f"ansinh_gateway {worker_database.name}"

    async def ask() -> object:
        connection = await asyncpg.connect(**asyncpg_arguments(worker_database.urls.gateway))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    assert asyncio.run(ask()) == expected
    with psycopg.connect(worker_database.urls.gateway) as connection:
        assert connection.execute(query).fetchone() == (expected,)
