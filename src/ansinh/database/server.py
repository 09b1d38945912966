"""The embedded PostgreSQL server: made, started, stopped and looked at.

Starting waits as long as crash recovery needs. Everything here is safe to run twice and by two at once.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg

from ansinh.database import tuning
from ansinh.database.account import Account, own_name, server_account
from ansinh.database.binaries import Binaries, binaries
from ansinh.database.folder import STATE_ROOT, Folder, folder_of, make_folder, require_space
from ansinh.database.processes import (
    lock_is_free,
    one_at_a_time,
    open_lock,
    postmaster_of,
    take_server_lock,
    try_lock,
)
from ansinh.database.programs import ProgramFailed, clean_environment, run_program
from ansinh.database.progress import Say, Waiting, say_on_stderr
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.roles import DATABASE, SUPERUSER, officer_statements, prepare_embedded
from ansinh.database.urls import DatabaseUrls, socket_url, socket_urls

STOP_SECONDS_MAX = 600
_LOCALES = ("C.UTF-8", "C")  # trigrams of Vietnamese letters need the first; a machine without it gets the second
_PEER_MAP = "ansinh"
_WAKING = (
    "đang chờ PostgreSQL (sau sự cố nó đọc lại nhật ký) · waiting for PostgreSQL (after a crash it replays its log)"
)

# The servers this process started, kept so that they are reaped if they end before us.
_started: list[subprocess.Popen[bytes]] = []


class Outcome(StrEnum):
    """What a command found or did."""

    STARTED = "started"
    ALREADY_UP = "already_up"
    STOPPED = "stopped"
    ALREADY_DOWN = "already_down"


@dataclass(frozen=True)
class ServerStatus:
    """How a server is: `up`, `starting` (recovering), `down`, or `absent` (no data yet)."""

    state: str
    pid: int | None
    version: str | None
    folder: Path
    socket_folder: Path


class EmbeddedServer:
    """A PostgreSQL server of our own in a data folder.

    `durable=False` is for tests: it may lose data when the machine (not the server) dies.
    """

    def __init__(
        self, home: Path, *, durable: bool = True, say: Say = say_on_stderr, state_root: Path = STATE_ROOT
    ) -> None:
        self.folder: Folder = folder_of(home, state_root)
        self.durable = durable
        self._say = say

    def urls(self, database: str = DATABASE) -> DatabaseUrls:
        """Addresses of a database of this server, one per role; the server need not be up."""
        return socket_urls(self.folder.run, database)

    def up(self) -> Outcome:
        """Start the server, making it if there is none, and wait until it answers.

        Refuses: other_version, second_instance, not_writable, socket_folder_taken, disk_full, account_missing,
        account_unknown, start_failed.
        """
        account = server_account()
        make_folder(self.folder, account)
        with one_at_a_time(self.folder.start_lock, self._say):
            return self.up_locked(account)

    def up_locked(self, account: Account) -> Outcome:
        """Start the server for a caller that holds the start lock."""
        programs = binaries()
        if self._answers_in_time(None):
            self._prepare(only_what_is_new=True)
            return Outcome.ALREADY_UP
        self._put_back_interrupted_restore()
        require_space(self.folder)
        if self.folder.data.exists():
            require_same_version(self.folder.data, programs)
        lock = take_server_lock(self.folder.server_lock, self.folder.data, self._say)
        try:
            if not self.folder.data.exists():
                self._initialise(programs, account)
            self._clear_traces_of_the_dead()
            self._configure(account)
            child = self._launch(programs, account, lock)
        finally:
            os.close(lock)  # the server holds its own copy
        try:
            if not self._answers_in_time(child):
                raise _start_failed(self._last_words())
            self._prepare()
        except KeyboardInterrupt:
            self.down_locked()
            raise
        return Outcome.STARTED

    def _prepare(self, *, only_what_is_new: bool = False) -> None:
        """Make roles and privileges; of a server that a former release started, only where it knows not all roles."""
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            if not only_what_is_new or officer_statements(connection):
                prepare_embedded(connection, self.superuser_url(DATABASE))

    def down(self) -> Outcome:
        """Stop the server: open transactions are rolled back, everything committed is kept.

        Refuses `stop_failed` when it has not ended after ten minutes.
        """
        if not self.folder.base.exists():
            return Outcome.ALREADY_DOWN
        with one_at_a_time(self.folder.start_lock, self._say):
            return self.down_locked()

    def down_locked(self) -> Outcome:
        """Stop the server for a caller that holds the start lock."""
        running = postmaster_of(self.folder.data)
        if running is None:
            return Outcome.ALREADY_DOWN
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGINT)
        waiting = Waiting(
            "PostgreSQL đang ghi những trang cuối · PostgreSQL is writing its last pages",
            self._say,
            seconds_max=STOP_SECONDS_MAX,
        )
        while postmaster_of(self.folder.data) or not lock_is_free(self.folder.server_lock):
            _reap()
            if not waiting.go_on():
                raise DatabaseRefusal(
                    "stop_failed",
                    f"PostgreSQL (process {running.pid}) has not stopped after {STOP_SECONDS_MAX} s. Look into "
                    f"{self.folder.log}.",
                    f"PostgreSQL (tiến trình {running.pid}) chưa dừng sau {STOP_SECONDS_MAX} giây. Hãy xem "
                    f"{self.folder.log}.",
                )
        _reap()
        return Outcome.STOPPED

    def status(self) -> ServerStatus:
        """Look at the server without touching it."""
        version = _version_of(self.folder.data)
        running = postmaster_of(self.folder.data)
        state = "down" if version else "absent"
        if running:
            state = "up" if running.ready else "starting"
        return ServerStatus(state, running.pid if running else None, version, self.folder.data, self.folder.run)

    def superuser_url(self, database: str = "postgres") -> str:
        """Address as the set-up role; only set-up, backups and tests use it."""
        return socket_url(self.folder.run, SUPERUSER, database)

    def _put_back_interrupted_restore(self) -> None:
        if not self.folder.data.exists() and self.folder.aside.exists():
            self.folder.aside.rename(self.folder.data)

    def _initialise(self, programs: Binaries, account: Account) -> None:
        """Make a data directory beside its place and rename it when it is whole."""
        fresh = self.folder.base / "data.new"
        problem = ""
        for locale in _LOCALES:
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            os.chown(fresh, account.uid, account.gid)
            arguments = [
                programs.path("initdb"),
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                "--auth=peer",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                f"--locale={locale}",
                "--lc-messages=C",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ]
            try:
                run_program(arguments, "đang tạo cơ sở dữ liệu · making the database", self._say, account=account)
            except ProgramFailed as trouble:
                problem = str(trouble)
                continue
            with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
                configuration.write("\ninclude_if_exists 'ansinh.conf'\ninclude_if_exists 'local.conf'\n")
            fresh.rename(self.folder.data)
            return
        shutil.rmtree(fresh, ignore_errors=True)
        raise _start_failed(problem)

    def _clear_traces_of_the_dead(self) -> None:
        """Remove what a killed server left; the server lock proves that none of its processes lives."""
        for trace in (self.folder.data / "postmaster.pid", self.folder.socket, Path(f"{self.folder.socket}.lock")):
            trace.unlink(missing_ok=True)

    def _configure(self, account: Account) -> None:
        found = tuning.machine(self.folder.base)
        body = tuning.server_settings(found) if self.durable else tuning.quick_settings(found)
        chosen = body | tuning.log_settings(self.folder.log) | tuning.door_settings(self.folder.run)
        people = dict.fromkeys((account.name, own_name()))
        doors = f"local all all peer map={_PEER_MAP}\nlocal replication {SUPERUSER} peer map={_PEER_MAP}\n"
        files = {
            "ansinh.conf": tuning.as_configuration(chosen),
            "pg_hba.conf": doors,
            "pg_ident.conf": "".join(f"{_PEER_MAP} {person} all\n" for person in people),
        }
        for name, text in files.items():
            fresh = self.folder.data / f"{name}.new"
            fresh.write_text(text, encoding="utf-8")
            os.chown(fresh, account.uid, account.gid)
            fresh.chmod(0o600)
            fresh.rename(self.folder.data / name)

    def _launch(self, programs: Binaries, account: Account, lock: int) -> subprocess.Popen[bytes]:
        """Start the postmaster in a session of its own, holding the server lock for all its children."""
        _reap()
        with self._start_log.open("wb") as first_words:
            child = subprocess.Popen(
                [programs.path("postgres"), "-D", str(self.folder.data)],
                stdin=subprocess.DEVNULL,
                stdout=first_words,
                stderr=first_words,
                cwd=self.folder.data,
                env=clean_environment(),
                start_new_session=True,
                pass_fds=(lock,),
                umask=0o077,
                user=account.uid if account.lent else None,
                group=account.gid if account.lent else None,
                extra_groups=[] if account.lent else None,
            )
        _started.append(child)
        return child

    def _answers_in_time(self, child: subprocess.Popen[bytes] | None) -> bool:
        """Wait for the server to accept connections, however long recovery takes; False if there is none or it ends.

        A postmaster killed a moment ago may still look alive, so a process that was seen is not yet a server.
        """
        waiting = Waiting(_WAKING, self._say)
        while True:
            running = postmaster_of(self.folder.data)
            if running and running.ready and self._answers():
                return True
            ended = child.poll() is not None if child else running is None
            if ended:
                return False
            waiting.go_on()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.superuser_url(), connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _start_log(self) -> Path:
        return self.folder.log / "start.log"

    def _last_words(self) -> str:
        logs = sorted(self.folder.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        lines = [line for log in logs[-2:] for line in log.read_text(errors="replace").splitlines()]
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        return (telling or lines or ["no words"])[-1]


def require_same_version(data: Path, programs: Binaries) -> None:
    """Refuse (`other_version`) a data directory that another major version made."""
    found = _version_of(data)
    if found != str(programs.major):
        raise DatabaseRefusal(
            "other_version",
            f"{data} was made by PostgreSQL {found or 'of unknown version'}; this is {programs.major}. Restore a "
            "dump into a new folder (ANSINH_DATA), or run the release that made it.",
            f"{data} do PostgreSQL {found or 'phiên bản không rõ'} tạo ra; bản này là {programs.major}. Hãy khôi phục "
            "bản kết xuất vào thư mục mới (ANSINH_DATA), hoặc chạy đúng bản đã tạo ra nó.",
        )


def server_is_idle(folder: Folder) -> bool:
    """Tell whether nobody starts, stops or restores in this folder now and no server runs."""
    if not folder.start_lock.exists():
        return True
    descriptor = open_lock(folder.start_lock)
    try:
        return try_lock(descriptor) and lock_is_free(folder.server_lock)
    finally:
        os.close(descriptor)


def _version_of(data: Path) -> str | None:
    try:
        return (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError:
        return None


def _start_failed(reason: str) -> DatabaseRefusal:
    return DatabaseRefusal(
        "start_failed",
        f"PostgreSQL did not start. It said: {reason}",
        f"PostgreSQL không khởi động được. Thông báo của nó: {reason}",
    )


def _reap() -> None:
    _started[:] = [child for child in _started if child.poll() is None]


__all__ = ["EmbeddedServer", "Outcome", "ServerStatus", "require_same_version", "server_is_idle"]
