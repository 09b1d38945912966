"""SQL inside Django's transaction, without its ceremony: what rooms use for sets of rows, where an object per row would be waste."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import connection, transaction

from ansinh.database.roles import OFFICER

Parameters = Mapping[str, Any] | Sequence[Any] | None

ROWS_A_FETCH = 5_000

# The provinces whose people the running transaction shows; None is all.
_sight: ContextVar[frozenset[str] | None] = ContextVar("sight", default=None)


def execute(query: str, parameters: Parameters = None) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.rowcount)


def rows(query: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query; the caller bounds them."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def streamed(query: str, parameters: Parameters = None) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, however many, a few thousand at a time; belongs into a transaction, and is read to its end in it."""
    with driver().cursor(name="streamed") as cursor:
        cursor.itersize = ROWS_A_FETCH
        cursor.execute(query, parameters)
        yield from cursor


def row(query: str, parameters: Parameters = None) -> tuple[Any, ...] | None:
    """Return the first row of a query, or None."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def number(query: str, parameters: Parameters = None) -> int:
    """Return the whole number a query answers with; raises LookupError when it answers nothing."""
    found = row(query, parameters)
    if found is None or found[0] is None:
        raise LookupError("the query answered no number")
    return int(found[0])


@contextmanager
def joining_sets() -> Iterator[None]:
    """Let statements about a range of records hash and merge what they join, never look it up one by one.

    Of two tables cut to the same range the planner expects a share of a share, too few the more the larger the tables are, and would then look rows up
    one by one. Belongs into a transaction; an error in the block ends the setting with what it rolls back.
    """
    execute("SET LOCAL enable_nestloop = off")
    yield
    execute("SET LOCAL enable_nestloop TO DEFAULT")


@contextmanager
def sight_of(provinces: frozenset[str] | None) -> Iterator[None]:
    """Let the block, in a transaction of its own, read rows about people of these provinces only, and write none; with None, read and write all again.

    The rows' own policies say what is whose (`ansinh.config.row_security`), so a query that forgets its WHERE shows nothing of elsewhere. What is rolled
    back takes the setting with it.
    """
    before = _sight.get()
    if provinces == before:
        yield
        return
    token = _sight.set(provinces)
    try:
        with transaction.atomic():
            _see(provinces)
            yield
            _see(before)
    finally:
        _sight.reset(token)


def _see(provinces: frozenset[str] | None) -> None:
    role = "none" if provinces is None else OFFICER
    said = ",".join(sorted(provinces or ()))
    rows("SELECT set_config('role', %s, true), set_config('ansinh.provinces', %s, true)", [role, said])


def look_again_at(*tables: str) -> None:
    """Have the planner's statistics of tables made anew once the running transaction is committed, for those that grew by more than a fifth.

    Whoever writes many rows asks for it; the server looks by itself only a minute later and plans for an empty table until then.
    """
    transaction.on_commit(lambda: rows("SELECT ansinh_analyze(%s)", [list(tables)]), robust=True)


def driver() -> psycopg.Connection[tuple[Any, ...]]:
    """Return the driver's own connection under Django's, in the transaction that is open: COPY is not in Django's interface."""
    connection.ensure_connection()
    inner = connection.connection
    assert isinstance(inner, psycopg.Connection)
    return inner
