"""Backups: a folder that is complete or does not exist.

Our own server is copied page by page (pg_basebackup) while it runs, and the copy is verified against its manifest
before it gets its name. A server that is not ours is dumped (see dump.py) into a folder of the same shape.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from ansinh.database.account import Account, server_account
from ansinh.database.binaries import binaries
from ansinh.database.folder import make_folder, require_space
from ansinh.database.processes import one_at_a_time
from ansinh.database.programs import ProgramFailed, run_program
from ansinh.database.progress import Say
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.server import EmbeddedServer, Outcome, require_same_version

NOTE = "ansinh-backup.json"
PAGES = "data"  # pg_basebackup's copy, inside the backup


@dataclass(frozen=True)
class BackupNote:
    """What a backup is: `pages` of our own server, or a `dump` of one that is not ours."""

    kind: str
    made_at: str
    server_version: int
    size_bytes: int


def back_up(server: EmbeddedServer, place: Path, made_at: datetime, say: Say) -> BackupNote:
    """Copy the whole server into a folder and verify the copy; a server that is down is started for it.

    Refuses `backup_place_taken` and `backup_failed`; then the folder is as it was.
    """
    require_free_place(place)
    found = server.up()
    try:
        with finished_or_absent(place) as fresh:
            arguments = [
                binaries().path("pg_basebackup"),
                f"--dbname={server.superuser_url()}",
                f"--pgdata={fresh / PAGES}",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--manifest-checksums=SHA256",
                "--no-password",
                *([] if server.durable else ["--no-sync"]),
            ]
            try:
                run_program(arguments, f"đang sao chép · copying the database to {place}", say)
                _verify(fresh / PAGES, say)
            except ProgramFailed as trouble:
                raise backup_failed(str(trouble)) from trouble
            with psycopg.connect(server.superuser_url()) as connection:
                version = connection.info.server_version
            note = BackupNote("pages", made_at.isoformat(), version, size_of(fresh / PAGES))
            write_note(fresh, note)
    finally:
        if found is Outcome.STARTED:
            server.down()
    return note


def verify(place: Path, say: Say) -> BackupNote:
    """Check that a backup is complete and unharmed. Refuses `not_a_backup` and `backup_damaged`."""
    note = read_note(place)
    if note.kind == "pages":
        try:
            _verify(place / PAGES, say)
        except ProgramFailed as trouble:
            raise DatabaseRefusal(
                "backup_damaged",
                f"The backup {place} is damaged ({trouble}). Nothing was changed; use another one.",
                f"Bản sao lưu {place} bị hỏng ({trouble}). Chưa có gì thay đổi; hãy dùng bản khác.",
            ) from trouble
    return note


def restore(server: EmbeddedServer, place: Path, say: Say) -> BackupNote:
    """Put a backup in the place of the server's data and start it; the former data goes when the new one runs.

    Refuses `not_a_backup`, `backup_damaged`, `other_version`, `other_kind`, `disk_full`, `start_failed`; then the
    former data is back in its place.
    """
    note = verify(place, say)
    if note.kind != "pages":
        raise DatabaseRefusal(
            "other_kind",
            f"{place} is a dump of a server that is managed elsewhere; set DATABASE_URL to restore it there.",
            f"{place} là bản kết xuất của máy chủ được quản lý ở nơi khác; hãy đặt DATABASE_URL để khôi phục vào đó.",
        )
    require_same_version(place / PAGES, binaries())
    account = server_account()
    make_folder(server.folder, account)
    require_space(server.folder, note.size_bytes)
    with one_at_a_time(server.folder.start_lock, say):
        fresh = server.folder.base / "data.restored"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            run_program(
                ["cp", "-R", "-p", str(place / PAGES), str(fresh)], f"đang chép lại · copying {place} back", say
            )
            _give(fresh, account, durable=server.durable)
            _swap(server, fresh, account)
        except ProgramFailed as trouble:
            raise backup_failed(str(trouble)) from trouble
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return note


def _swap(server: EmbeddedServer, fresh: Path, account: Account) -> None:
    """Change the data under a stopped server, and change it back if the new one does not start."""
    folder = server.folder
    server.down_locked()
    if folder.data.exists():
        # A former restore that was killed may have left both; what runs now is the one that counts.
        shutil.rmtree(folder.aside, ignore_errors=True)
        folder.data.rename(folder.aside)
    try:
        fresh.rename(folder.data)
        server.up_locked(account)
    except BaseException:
        server.down_locked()
        if folder.aside.exists():
            shutil.rmtree(folder.data, ignore_errors=True)
            folder.aside.rename(folder.data)
        raise
    shutil.rmtree(folder.aside, ignore_errors=True)


def require_free_place(place: Path) -> None:
    """Refuse (`backup_place_taken`) a folder that holds anything but nothing or a complete backup."""
    if place.is_dir() and (not any(place.iterdir()) or (place / NOTE).is_file()):
        return
    if place.exists() or place.is_symlink():
        raise DatabaseRefusal(
            "backup_place_taken",
            f"{place} is not empty and not a backup. Choose an empty or a new folder; nothing was written.",
            f"{place} không trống và không phải bản sao lưu. Hãy chọn thư mục trống hoặc mới; chưa ghi gì cả.",
        )


@contextmanager
def finished_or_absent(place: Path) -> Iterator[Path]:
    """A folder to fill that gets the name `place` only if the block ends well; a former backup stays until then."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.partial-{os.getpid()}")
    former = place.with_name(f".{place.name}.former-{os.getpid()}")
    try:
        fresh.mkdir(mode=0o700)
        yield fresh
        if place.exists():
            place.rename(former)
        fresh.rename(place)
    finally:
        if not place.exists() and former.exists():
            former.rename(place)
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def read_note(place: Path) -> BackupNote:
    """Read what a backup is. Refuses `not_a_backup`."""
    try:
        return BackupNote(**json.loads((place / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as trouble:
        raise DatabaseRefusal(
            "not_a_backup",
            f"{place} is not a complete backup made by `ansinh db backup`.",
            f"{place} không phải bản sao lưu hoàn chỉnh do `ansinh db backup` tạo ra.",
        ) from trouble


def write_note(fresh: Path, note: BackupNote) -> None:
    """Write the note, last of all, so that a folder with a note is complete."""
    (fresh / NOTE).write_text(json.dumps(asdict(note), indent=2) + "\n", encoding="utf-8")


def backup_failed(reason: str) -> DatabaseRefusal:
    """The refusal for a backup or restore that a program gave up."""
    return DatabaseRefusal(
        "backup_failed",
        f"The copy was not finished ({reason}). Nothing was replaced.",
        f"Chưa sao chép xong ({reason}). Chưa có gì bị thay thế.",
    )


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _verify(pages: Path, say: Say) -> None:
    run_program(
        [binaries().path("pg_verifybackup"), "--quiet", str(pages)],
        "đang kiểm tra bản sao lưu · verifying the backup",
        say,
    )


def _give(folder: Path, account: Account, *, durable: bool) -> None:
    """Make a copied data directory the server account's own, and safe on the disk before the former one goes."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in (*(os.path.join(place, file) for file in files), place):
            os.chown(name, account.uid, account.gid)
            if durable:
                descriptor = os.open(name, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
    folder.chmod(0o700)
