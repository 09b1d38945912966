"""Databases for tests: one throw-away server for everybody, one migrated template, one copy per worker or test."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import psutil
import psycopg
from psycopg import sql

from ansinh.database.binaries import wheel_version
from ansinh.database.folder import data_folder, key_of, project_root
from ansinh.database.orphans import remove_server
from ansinh.database.processes import one_at_a_time, open_lock, try_lock
from ansinh.database.roles import OWNER, database_privilege_statements, extension_statements, privilege_statements
from ansinh.database.server import EmbeddedServer
from ansinh.database.urls import DatabaseUrls, django_aliases
from ansinh.foundation.settings import read_settings, settings

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_OURS = ("t_", "w_", "f_")  # templates, copies of workers, fresh copies of single tests
_CLONE_NOTE = "clone"
_USERS_LOCK = "users.lock"
_IN_MEMORY = Path("/dev/shm")
_MEMORY_BYTES_MIN = 4 << 30
_numbers = itertools.count(1)
_opened: WeakKeyDictionary[BaseDatabaseWrapper, int] = WeakKeyDictionary()  # Django's connections, and their threads

Migrate = Callable[[DatabaseUrls], None]


def place_of_tests() -> Path:
    """Folder of all throw-away servers of this user, in memory where there is plenty: they make and drop many files."""
    place = _IN_MEMORY / f"ansinh-tests-{os.geteuid()}"
    try:
        free = os.statvfs(_IN_MEMORY)
        if min(free.f_bavail * free.f_frsize, psutil.virtual_memory().available) > _MEMORY_BYTES_MIN:
            place.mkdir(mode=0o711, exist_ok=True)
            found = place.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
                return place
    except OSError:
        pass
    return data_folder(replace(read_settings(), data_dir=None)).parent / "tests"


def home_of_tests() -> Path:
    """Folder of this clone's throw-away server; never the developer's own."""
    return place_of_tests() / key_of(project_root())


def throw_away_server(home: Path) -> EmbeddedServer:
    """A server for tests, not yet started."""
    return EmbeddedServer(home, durable=False, say=silent, state_root=place_of_tests() / "servers")


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
        (home / _CLONE_NOTE).write_text(f"{project_root()}\n", encoding="utf-8")
        self.server = throw_away_server(home)
        self._turn = home / "tests.lock"
        self._users = open_lock(home / _USERS_LOCK)

    def join(self) -> None:
        """Start the server unless it runs; whoever comes first sweeps what killed sessions left."""
        with one_at_a_time(self._turn, silent):
            self.server.up()
            if try_lock(self._users):
                self._sweep()
                remove_servers_of_gone_clones(self._turn.parent.parent)
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
def own_server() -> Iterator[EmbeddedServer]:
    """A server of the test's own, not yet started; gone without a trace after the block."""
    home = place_of_tests() / f"own-{os.getpid()}-{next(_numbers)}"
    server = throw_away_server(home)
    try:
        yield server
    finally:
        remove_server(server)
        shutil.rmtree(home, ignore_errors=True)


def remove_servers_of_gone_clones(place: Path) -> None:
    """Free the memory that a clone which no longer exists has left behind, unless its tests still run."""
    for note in place.glob(f"*/{_CLONE_NOTE}"):
        if Path(note.read_text(encoding="utf-8").strip()).exists():
            continue
        users = open_lock(note.parent / _USERS_LOCK)
        try:
            if try_lock(users):
                remove_server(throw_away_server(note.parent))
                shutil.rmtree(note.parent, ignore_errors=True)
        finally:
            os.close(users)


def point_settings_at(database: OwnDatabase) -> None:
    """Make this process, and those it starts, use a database."""
    os.environ.update(database.environment)
    settings.cache_clear()


@contextmanager
def pointed_at(database: OwnDatabase) -> Iterator[None]:
    """Django and the settings use a database for the block, and after it again what they used before: blocks may lie in one another."""
    from django.db import connections  # noqa: PLC0415 - Django may not be imported before pytest-django sets it up

    environment = {name: os.environ.get(name) for name in database.environment}
    aliases = {alias: dict(connections[alias].settings_dict) for alias in django_aliases(database.urls)}
    point_settings_at(database)
    point_django_at(database.urls)
    try:
        yield
    finally:
        for name, value in environment.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
        settings.cache_clear()
        _set_aliases(aliases)


def point_django_at(urls: DatabaseUrls) -> None:
    """Make both of Django's aliases use a database, in this and every later thread."""
    _set_aliases(django_aliases(urls))


def close_django() -> None:
    """Close whatever Django has open in this thread.

    `connections` alone does not know of all: while a loop runs, as the driver of a browser keeps one, it holds others than without one. Closed from one
    side only, those of the other side would turn up again in a later test, with a database that was dropped meanwhile.
    """
    for connection, thread in list(_opened.items()):
        if thread == threading.get_ident():
            connection.close()


def _set_aliases(aliases: Mapping[str, Mapping[str, Any]]) -> None:
    from django.db import connections  # noqa: PLC0415 - as above
    from django.db.backends.signals import connection_created  # noqa: PLC0415 - as above

    connection_created.connect(_remember, dispatch_uid="tests.support.database")
    close_django()
    for alias, wanted in aliases.items():
        # One dictionary for all connections of the alias, of every thread.
        connections[alias].settings_dict.update(wanted)


def _remember(connection: BaseDatabaseWrapper, **_: object) -> None:
    _opened[connection] = threading.get_ident()


def migrate_with_django(urls: DatabaseUrls) -> None:
    """Run all migrations as the owner."""
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from ansinh.config.row_security import lay_on  # noqa: PLC0415 - as above

    point_django_at(urls)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    lay_on("owner")
    close_django()


def _create(connection: psycopg.Connection, name: str, template: str) -> None:
    # Half the time of writing each page through the log: this server syncs nothing, so the checkpoints that copying asks for cost little.
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _digest_of_migrations() -> str:
    """Digest of everything a migrated database depends on."""
    source = project_root() / "src" / "ansinh"
    files = {*source.rglob("migrations/**/*.py"), *source.rglob("*.sql"), *source.glob("*/privacy.py")}
    files |= {
        source / "database" / "roles.py",
        source / "config" / "django.py",
        source / "config" / "row_security.py",
        Path(__file__),
    }
    digest = hashlib.sha256(wheel_version().encode())
    for file in sorted(files):
        digest.update(f"{file.relative_to(project_root())}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
