"""The embedded server: starting, stopping, refusing, surviving."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ansinh.database import folder as folders
from ansinh.database import processes
from ansinh.database.account import running_as_root
from ansinh.database.binaries import binaries
from ansinh.database.folder import SOCKET_PATH_BYTES_MAX, folder_of
from ansinh.database.orphans import clear_orphans
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.server import EmbeddedServer, Outcome
from tests.support.database import own_server, silent

# One worker runs this file, so that its server is made once.
pytestmark = pytest.mark.xdist_group("database-server")
only_root = pytest.mark.skipif(not running_as_root(), reason="what root does differently")


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    with own_server() as server:
        assert server.up() is Outcome.STARTED
        yield server


@pytest.fixture
def stopped(running: EmbeddedServer) -> Iterator[EmbeddedServer]:
    running.down()
    yield running
    running.up()


def committed_rows(server: EmbeddedServer) -> int:
    with psycopg.connect(server.urls().app) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def keep_rows(server: EmbeddedServer, rows: int) -> None:
    with psycopg.connect(server.urls().owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("TRUNCATE kept")
        connection.execute("INSERT INTO kept SELECT generate_series(1, %s)", [rows])


def refused(server: EmbeddedServer) -> str:
    with pytest.raises(DatabaseRefusal) as caught:
        server.up()
    assert caught.value.en
    assert caught.value.vi
    return caught.value.code


def test_up_when_up_says_so(running: EmbeddedServer) -> None:
    assert running.up() is Outcome.ALREADY_UP
    assert running.status().state == "up"


def test_up_by_many_at_once_starts_one_server(stopped: EmbeddedServer) -> None:
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(stopped.up())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.ALREADY_UP] * 3 + [Outcome.STARTED]


def test_down_keeps_what_was_committed_and_can_be_repeated(running: EmbeddedServer) -> None:
    keep_rows(running, 1000)
    assert running.down() is Outcome.STOPPED
    assert running.down() is Outcome.ALREADY_DOWN
    assert running.status().state == "down"
    assert running.up() is Outcome.STARTED
    assert committed_rows(running) == 1000


def test_status_of_nothing_is_absent(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "never")
    assert server.status().state == "absent"
    assert server.down() is Outcome.ALREADY_DOWN
    assert not (tmp_path / "never").exists()


def test_two_servers_run_side_by_side(running: EmbeddedServer) -> None:
    keep_rows(running, 7)
    with own_server() as other:
        other.up()
        keep_rows(other, 3)
        assert (committed_rows(running), committed_rows(other)) == (7, 3)


def test_up_after_kill_of_the_postmaster_keeps_every_committed_row(running: EmbeddedServer) -> None:
    keep_rows(running, 5000)
    pid = running.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert running.up() is Outcome.STARTED
    assert committed_rows(running) == 5000


def test_up_after_kill_ends_orphans_that_do_not_notice(running: EmbeddedServer) -> None:
    keep_rows(running, 100)
    pid = running.status().pid
    assert pid is not None
    busy = psycopg.connect(running.urls().owner)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 20000000000)")
    busy.pgconn.flush()
    os.kill(pid, signal.SIGKILL)
    assert running.up() is Outcome.STARTED
    busy.close()
    assert committed_rows(running) == 100


def test_up_is_not_fooled_by_a_pid_that_belongs_to_somebody_else(stopped: EmbeddedServer) -> None:
    stranger = f"{os.getpid()}\n{stopped.folder.data}\n1\n5432\n{stopped.folder.run}\n\n 1 1\nready   \n"
    (stopped.folder.data / "postmaster.pid").write_text(stranger)
    assert stopped.status().state == "down"
    assert stopped.up() is Outcome.STARTED


def test_up_refuses_the_data_of_another_major_version(stopped: EmbeddedServer) -> None:
    mark = stopped.folder.data / "PG_VERSION"
    mark.write_text("15\n")
    try:
        assert refused(stopped) == "other_version"
    finally:
        mark.write_text("18\n")


def test_up_refuses_a_folder_that_a_server_out_of_sight_uses(
    stopped: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    descriptor = processes.open_lock(stopped.folder.server_lock)
    try:
        assert processes.try_lock(descriptor)
        with monkeypatch.context() as patched:
            patched.setattr(processes, "ORPHANS_SECONDS_MAX", 0.2)
            assert refused(stopped) == "second_instance"
    finally:
        os.close(descriptor)


def test_up_refuses_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refused(EmbeddedServer(tmp_path / "file" / "below")) == "not_writable"


def test_up_refuses_a_disk_that_is_nearly_full(stopped: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(folders, "free_bytes", lambda folder: 100 << 20)
        assert refused(stopped) == "disk_full"


def test_up_tells_what_the_server_said_when_it_does_not_start(stopped: EmbeddedServer) -> None:
    mistake = stopped.folder.data / "local.conf"
    mistake.write_text("shared_buffers = plenty\n")
    mistake.chmod(0o644)
    try:
        with pytest.raises(DatabaseRefusal, match=r"local\.conf|shared_buffers") as caught:
            stopped.up()
        assert caught.value.code == "start_failed"
    finally:
        mistake.unlink()


def test_log_holds_no_value_of_any_statement(running: EmbeddedServer) -> None:
    secret = "079203004455"
    with psycopg.connect(running.urls().owner, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE once (number text PRIMARY KEY, on_day date)")
        connection.execute("INSERT INTO once VALUES (%s)", [secret])
        for wrong in ("INSERT INTO once VALUES (%s)", "SELECT %s::date", "SELECT 1/length(%s) - nothing"):
            with pytest.raises(psycopg.Error):
                connection.execute(wrong, [secret])
    running.down()
    running.up()
    logs = list(running.folder.log.glob("*.log"))
    assert logs
    assert not [log for log in logs if secret in log.read_text(errors="replace")]


def test_server_listens_to_no_network_and_checks_its_pages(running: EmbeddedServer) -> None:
    with psycopg.connect(running.superuser_url()) as connection:
        names = ("listen_addresses", "data_checksums", "synchronous_commit", "TimeZone")
        values = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
    assert [value for (value,) in filter(None, values)] == ["", "on", "on", "UTC"]


def test_trigrams_and_letters_are_vietnamese(running: EmbeddedServer) -> None:
    with psycopg.connect(running.urls().app) as connection:
        row = connection.execute(
            "SELECT upper('đặng ư'), unaccent('Đặng Thị Ế'), similarity('Đặng', 'Đăng')"
        ).fetchone()
    assert row is not None
    assert row[:2] == ("ĐẶNG Ư", "Dang Thi E")
    assert 0 < row[2] < 1


def test_socket_path_stays_short_in_a_deep_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "running_as_root", lambda: False)
    deep = folder_of(tmp_path / ("thư mục rất dài " * 12))
    assert len(os.fsencode(deep.socket)) <= SOCKET_PATH_BYTES_MAX
    assert folder_of(tmp_path / "short").run == tmp_path / "short" / "postgres" / "run"


@only_root
def test_root_lends_the_server_an_account_of_its_own(running: EmbeddedServer) -> None:
    pid = running.status().pid
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert running.folder.data.stat().st_mode & 0o077 == 0
    assert (Path(binaries().path("postgres")).stat().st_uid, os.geteuid()) == (0, 0)


@only_root
def test_strangers_do_not_reach_the_socket(running: EmbeddedServer) -> None:
    arguments = [binaries().path("psql"), "-c", "SELECT 1", running.superuser_url()]
    asked = subprocess.run(arguments, user="nobody", extra_groups=[], cwd="/", capture_output=True, check=False)
    assert asked.returncode == 2
    assert b"Permission denied" in asked.stderr


@only_root
def test_server_of_a_temporary_folder_that_is_gone_is_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    server = EmbeddedServer(home, durable=False)
    server.up()
    assert home not in clear_orphans(silent)
    home.rmdir()
    assert home in clear_orphans(silent)
    assert not server.folder.base.exists()


# The interpreter itself may lie where only root can read, so what it loads late is loaded before root is given up.
_AS_NOBODY = """
import encodings.ascii, encodings.idna, os, pathlib, pwd, shutil, sys, tempfile
import psycopg
from ansinh.database import server as room
from ansinh.database.binaries import binaries
from ansinh.database.orphans import remove_server
copy = binaries()
nobody = pwd.getpwnam("nobody")
home = pathlib.Path(tempfile.mkdtemp())
os.chown(home, nobody.pw_uid, nobody.pw_gid)
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
room.binaries = lambda: copy
server = room.EmbeddedServer(home, durable=False)
print(server.up(), server.folder.base == home / "postgres", oct(server.folder.run.stat().st_mode)[-3:])
with psycopg.connect(server.urls().app) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0])
print(server.down())
remove_server(server)
"""


@only_root
def test_ordinary_user_keeps_the_server_in_the_data_folder() -> None:
    done = subprocess.run([sys.executable, "-c", _AS_NOBODY], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["started", "True", "700", "ansinh_app", "stopped"], done.stderr
