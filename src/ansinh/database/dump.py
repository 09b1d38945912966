"""Backups of a server that is not ours: PostgreSQL's own dump in directory format, by several jobs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import psycopg

from ansinh.database.backup import (
    BackupNote,
    backup_failed,
    finished_or_absent,
    read_note,
    require_free_place,
    size_of,
    write_note,
)
from ansinh.database.programs import ProgramFailed, client_program, run_program
from ansinh.database.progress import Say
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.roles import PUBLISHED, prepare, require_new_enough

DUMP = "dump"
JOBS_MAX = 8


def dump(owner_url: str, place: Path, made_at: datetime, say: Say) -> BackupNote:
    """Dump the database of a URL into a folder. Refuses `backup_place_taken`, `client_too_old`, `backup_failed`."""
    require_free_place(place)
    with psycopg.connect(owner_url) as connection:
        require_new_enough(connection)
        version = connection.info.server_version
    with finished_or_absent(place) as fresh:
        arguments = [
            client_program("pg_dump", version // 10_000),
            f"--dbname={owner_url}",
            f"--file={fresh / DUMP}",
            "--format=directory",
            f"--jobs={_jobs()}",
            "--no-password",
        ]
        try:
            run_program(arguments, f"đang kết xuất · dumping the database to {place}", say)
        except ProgramFailed as trouble:
            raise backup_failed(str(trouble)) from trouble
        note = BackupNote("dump", made_at.isoformat(), version, size_of(fresh / DUMP))
        write_note(fresh, note)
    return note


def restore_dump(owner_url: str, place: Path, passwords: Mapping[str, str], say: Say) -> BackupNote:
    """Fill an empty database from a dump; a database that holds tables is never touched.

    Refuses `not_a_backup`, `other_kind`, `database_not_empty`, `client_too_old`, and `restore_broken` when the
    program gave up half-way (the database then has to be made anew).
    """
    note = read_note(place)
    if note.kind != "dump":
        raise DatabaseRefusal(
            "other_kind",
            f"{place} holds the pages of an embedded server and cannot be loaded into a server managed elsewhere.",
            f"{place} chứa các trang của máy chủ nhúng, không nạp được vào máy chủ được quản lý ở nơi khác.",
        )
    prepare(owner_url, passwords)
    with psycopg.connect(owner_url) as connection:
        _require_empty(connection)
        version = connection.info.server_version
        connection.execute(f"DROP SCHEMA {PUBLISHED} RESTRICT")  # the dump brings its own
    program = client_program("pg_restore", version // 10_000)
    try:
        listing = run_program([program, "--list", str(place / DUMP)], "đang đọc bản kết xuất · reading the dump", say)
        wanted = place.parent / f".{place.name}.list-{os.getpid()}"
        try:
            # The extensions are there already, and belong to whoever was allowed to make them.
            wanted.write_text("\n".join(line for line in listing.splitlines() if " EXTENSION " not in line))
            arguments = [
                program,
                f"--dbname={owner_url}",
                f"--jobs={_jobs()}",
                f"--use-list={wanted}",
                "--no-owner",
                "--exit-on-error",
                "--no-password",
                str(place / DUMP),
            ]
            run_program(arguments, f"đang nạp · loading {place}", say)
        finally:
            wanted.unlink(missing_ok=True)
    except ProgramFailed as trouble:
        raise DatabaseRefusal(
            "restore_broken",
            f"The dump was not loaded to its end ({trouble}). Drop the database, make it anew, and try again.",
            f"Chưa nạp hết bản kết xuất ({trouble}). Hãy xóa cơ sở dữ liệu, tạo lại rồi thử lại.",
        ) from trouble
    prepare(owner_url, passwords)
    return note


def _require_empty(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        "  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    ).fetchone()
    if row and row[0]:
        raise DatabaseRefusal(
            "database_not_empty",
            f"The database of DATABASE_URL holds {row[0]} tables. A dump is loaded only into an empty database: make "
            "a new one and point DATABASE_URL at it.",
            f"Cơ sở dữ liệu trong DATABASE_URL đang có {row[0]} bảng. Bản kết xuất chỉ được nạp vào cơ sở dữ liệu "
            "trống: hãy tạo cơ sở dữ liệu mới và trỏ DATABASE_URL vào đó.",
        )


def _jobs() -> int:
    return max(1, min(os.cpu_count() or 1, JOBS_MAX))
