"""DuckDB inside this process: column-wise work on files, silent on stdout."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb


def connect_in_process(
    config: Mapping[str, str | bool | int | float | list[str]] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that prints nothing.

    DuckDB takes a Python started with `-c` for somebody at a prompt and then draws a bar on stdout about every query longer than two seconds,
    in the midst of what machines read there. Ours draw their own, on stderr.
    """
    connection = duckdb.connect(config=dict(config or {}))
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET enable_progress_bar_print = false")
    return connection
