"""Databases for tests: one throw-away server for everybody, one migrated template, one copy per worker or test."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from ansinh.database.binaries import wheel_version
from ansinh.database.folder import data_folder, project_root
from ansinh.database.orphans import remove_server
from ansinh.database.processes import one_at_a_time, open_lock, try_lock
from ansinh.database.roles import OWNER, database_privilege_statements, extension_statements, privilege_statements
from ansinh.database.server import EmbeddedServer
from ansinh.database.urls import DatabaseUrls, django_aliases
from ansinh.foundation.settings import read_settings, settings

_OURS = ("t_", "w_", "f_")  # templates, copies of workers, fresh copies of single tests
_numbers = itertools.count(1)

Migrate = Callable[[DatabaseUrls], None]


def home_of_tests() -> Path:
    """Folder of the throw-away server: beside the developer's own, never it."""
    own = data_folder(replace(read_settings(), data_dir=None))
    return own.with_name(f"{own.name}-test")


@dataclass(frozen=True)
class OwnDatabase:
    """A database that belongs to one worker or one test."""

    name: str
    urls: DatabaseUrls

    @property
    def environment(self) -> dict[str, str]:
        """Settings that make a process of the platform use this database."""
        return {
            "DATABASE_URL": self.urls.owner,
            "ANSINH_DATABASE_APP_URL": self.urls.app,
            "ANSINH_DATABASE_GATEWAY_URL": self.urls.gateway,
        }


class SharedServer:
    """The server of all test processes of this clone; the last one to leave stops it."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.server = EmbeddedServer(home, durable=False, say=silent)
        self._turn = home / "tests.lock"
        self._users = open_lock(home / "users.lock")

    def join(self) -> None:
        """Start the server unless it runs; whoever comes first sweeps what killed sessions left."""
        with one_at_a_time(self._turn, silent):
            self.server.up()
            if try_lock(self._users):
                self._sweep()
            if not try_lock(self._users, shared=True):
                raise RuntimeError("the test server's user lock is held by a stranger")

    def leave(self) -> None:
        """Stop the server when nobody else uses it."""
        with one_at_a_time(self._turn, silent):
            if try_lock(self._users):
                self.server.down()
            os.close(self._users)

    @contextmanager
    def copy_of(self, template: str, letter: str) -> Iterator[OwnDatabase]:
        """A copy of a template for the block; connections still open at its end are cut."""
        database = OwnDatabase(
            name := f"{letter}_{os.getpid()}_{next(_numbers)}",
            self.server.urls(name),
        )
        with self._administration() as connection:
            _create(connection, name, template)
            for statement in database_privilege_statements(name):
                connection.execute(statement)
        try:
            yield database
        finally:
            with self._administration() as connection:
                _drop(connection, name)

    def template(self, migrate: Migrate) -> str:
        """Name of the migrated template for the migrations as they are now, made if it is missing."""
        name = f"t_{_digest_of_migrations()}"
        with one_at_a_time(self._turn, silent), self._administration() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            building = f"{name}_building"
            _drop(connection, building)
            _create(connection, building, "template1")
            urls = self.server.urls(building)
            with psycopg.connect(urls.superuser or "", autocommit=True) as inside:
                for statement in extension_statements() + privilege_statements(OWNER, building):
                    inside.execute(statement)
            migrate(urls)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(building), sql.Identifier(name)))
        return name

    @contextmanager
    def _administration(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.server.superuser_url(), autocommit=True) as connection:
            yield connection

    def _sweep(self) -> None:
        current = f"t_{_digest_of_migrations()}"
        with self._administration() as connection:
            for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
                if name.startswith(_OURS) and name != current:
                    _drop(connection, name)


def silent(words: str) -> None:
    """For those who need not be told that something takes long."""


@contextmanager
def server_in(home: Path) -> Iterator[EmbeddedServer]:
    """A server of the test's own in a folder, not yet started; gone without a trace after the block."""
    server = EmbeddedServer(home, durable=False, say=silent)
    try:
        yield server
    finally:
        remove_server(server)


def point_settings_at(database: OwnDatabase) -> None:
    """Make this process, and those it starts, use a database."""
    os.environ.update(database.environment)
    settings.cache_clear()


def point_django_at(urls: DatabaseUrls) -> None:
    """Make both of Django's aliases use a database, in this and every later thread."""
    from django.db import connections  # noqa: PLC0415 - Django may not be imported before pytest-django sets it up

    for alias, wanted in django_aliases(urls).items():
        connections[alias].close()
        connections[alias].settings_dict.update(wanted)


def migrate_with_django(urls: DatabaseUrls) -> None:
    """Run all migrations as the owner."""
    from django.core.management import call_command  # noqa: PLC0415 - as above
    from django.db import connections  # noqa: PLC0415 - as above

    point_django_at(urls)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections.close_all()


def _create(connection: psycopg.Connection, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY wal_log")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _digest_of_migrations() -> str:
    """Digest of everything a migrated database depends on."""
    source = project_root() / "src" / "ansinh"
    files = {*source.rglob("migrations/**/*.py"), *source.rglob("*.sql")}
    files |= {source / "database" / "roles.py", source / "config" / "django.py", Path(__file__)}
    digest = hashlib.sha256(wheel_version().encode())
    for file in sorted(files):
        digest.update(f"{file.relative_to(project_root())}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
