"""A backup that was not restored and compared is not a backup."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from ansinh.database.backup import NOTE, PAGES, back_up, restore, verify
from ansinh.database.dump import dump, restore_dump
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.server import EmbeddedServer, Outcome
from tests.support.database import own_server, place_of_tests, silent

# One worker runs this file, so that its server is made once.
pytestmark = pytest.mark.xdist_group("database-backup")
AT = datetime(2025, 7, 31, tzinfo=UTC)
PASSWORDS: dict[str, str] = {}  # callers behind a socket are known by their account


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with own_server() as server:
        server.up()
        yield server


@pytest.fixture
def shelf() -> Iterator[Path]:
    """An empty folder for backups, as quick as the servers'."""
    place = place_of_tests()
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place) as shelf:
        yield Path(shelf)


@pytest.fixture(autouse=True)
def _rows(server: EmbeddedServer) -> None:
    server.up()
    with psycopg.connect(server.urls().owner) as owner:
        owner.execute("DROP TABLE IF EXISTS kept")
        owner.execute("CREATE TABLE kept AS SELECT n AS number, md5(n::text) AS words FROM generate_series(1, 5000) n")


def contents(url: str) -> tuple[object, ...]:
    """Row count and a digest of every row."""
    with psycopg.connect(url) as connection:
        query = "SELECT count(*), md5(string_agg(number || words, ',' ORDER BY number)) FROM kept"
        row = connection.execute(query).fetchone()
        assert row is not None
        return tuple(row)


def lose_rows(server: EmbeddedServer) -> None:
    with psycopg.connect(server.urls().owner) as owner:
        owner.execute("DELETE FROM kept WHERE number > 10")


def code_of(refusing: pytest.ExceptionInfo[DatabaseRefusal]) -> str:
    return refusing.value.code


def test_restore_gives_back_every_row_as_it_was(server: EmbeddedServer, shelf: Path) -> None:
    before = contents(server.urls().app)
    note = back_up(server, shelf / "backup", AT, silent)
    assert (note.kind, note.made_at) == ("pages", AT.isoformat())
    lose_rows(server)
    restore(server, shelf / "backup", silent)
    assert contents(server.urls().app) == before
    assert not server.folder.aside.exists()


def test_backup_of_a_busy_server_is_whole(server: EmbeddedServer, shelf: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(server.urls().app, autocommit=True) as connection:
            number = 5000
            while not stop.is_set():
                number += 1
                connection.execute("INSERT INTO kept VALUES (%s, 'x')", [number])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        back_up(server, shelf / "backup", AT, silent)
    finally:
        stop.set()
        writer.join()
    live = contents(server.urls().app)[0]
    restore(server, shelf / "backup", silent)
    with psycopg.connect(server.urls().app) as connection:
        row = connection.execute("SELECT count(*), max(number) FROM kept").fetchone()
    assert row is not None
    assert row[0] == row[1]  # rows 1 to some moment, without a hole
    assert 5000 <= row[0] <= int(str(live))


def test_backup_of_a_stopped_server_leaves_it_stopped(server: EmbeddedServer, shelf: Path) -> None:
    server.down()
    back_up(server, shelf / "backup", AT, silent)
    assert server.status().state == "down"
    assert server.up() is Outcome.STARTED


def test_backup_replaces_a_former_backup_but_nothing_else(server: EmbeddedServer, shelf: Path) -> None:
    (shelf / "letters").mkdir()
    (shelf / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(DatabaseRefusal) as refusing:
        back_up(server, shelf / "letters", AT, silent)
    assert code_of(refusing) == "backup_place_taken"
    assert [path.name for path in (shelf / "letters").iterdir()] == ["dear.txt"]

    (shelf / "backup").mkdir()
    for day in (1, 2):
        back_up(server, shelf / "backup", AT.replace(day=day), silent)
    assert verify(shelf / "backup", silent).made_at == AT.replace(day=2).isoformat()
    assert sorted(path.name for path in shelf.iterdir()) == ["backup", "letters"]


def test_restore_refuses_what_is_not_a_whole_backup_and_changes_nothing(server: EmbeddedServer, shelf: Path) -> None:
    place = shelf / "backup"
    with pytest.raises(DatabaseRefusal) as refusing:
        restore(server, place, silent)
    assert code_of(refusing) == "not_a_backup"

    back_up(server, place, AT, silent)
    lose_rows(server)
    harmed = max((place / PAGES / "base").rglob("*"), key=lambda path: path.stat().st_size)
    harmed.write_bytes(harmed.read_bytes()[:-1] + b"?")
    with pytest.raises(DatabaseRefusal) as refusing:
        restore(server, place, silent)
    assert code_of(refusing) == "backup_damaged"
    assert contents(server.urls().app)[0] == 10


def test_restore_of_a_backup_that_does_not_start_brings_the_former_data_back(
    server: EmbeddedServer, shelf: Path
) -> None:
    mistake = server.folder.data / "local.conf"
    mistake.write_text("shared_buffers = plenty\n")
    mistake.chmod(0o644)
    back_up(server, shelf / "backup", AT, silent)
    mistake.unlink()
    lose_rows(server)
    with pytest.raises(DatabaseRefusal) as refusing:
        restore(server, shelf / "backup", silent)
    assert code_of(refusing) == "start_failed"
    server.up()
    assert contents(server.urls().app)[0] == 10


def test_up_after_a_restore_that_was_killed_brings_the_former_data_back(server: EmbeddedServer) -> None:
    server.down()
    server.folder.data.rename(server.folder.aside)
    assert server.up() is Outcome.STARTED
    assert contents(server.urls().app)[0] == 5000


def test_dump_fills_an_empty_database_and_touches_no_other(server: EmbeddedServer, shelf: Path) -> None:
    live = server.urls().owner
    before = contents(live)
    dump(live, shelf / "dump", AT, silent)
    with pytest.raises(DatabaseRefusal) as refusing:
        restore_dump(live, shelf / "dump", PASSWORDS, silent)
    assert code_of(refusing) == "database_not_empty"

    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE second OWNER ansinh_owner")
    second = server.urls("second")
    restore_dump(second.owner, shelf / "dump", PASSWORDS, silent)
    assert contents(second.app) == before == contents(live)
    with pytest.raises(DatabaseRefusal) as refusing:
        restore(server, shelf / "dump", silent)
    assert code_of(refusing) == "other_kind"


def test_note_says_what_the_backup_is(server: EmbeddedServer, shelf: Path) -> None:
    back_up(server, shelf / "backup", AT, silent)
    note = json.loads((shelf / "backup" / NOTE).read_text())
    assert note["server_version"] // 10_000 == 18
    assert note["size_bytes"] > 1_000_000
