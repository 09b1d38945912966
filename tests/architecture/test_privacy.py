"""Every column that exists is sorted in its room's privacy.py, and nothing is sorted that does not exist."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import pytest
from django.apps import apps
from django.db import connection

from ansinh.foundation.privacy import PUBLIC, Field
from tests.architecture.project import PLATFORM, rooms

Columns = dict[str, set[str]]
Sorted = Mapping[str, Mapping[str, Field]]

# Partitions repeat their parent; what the room publishes as views is sorted where it is stored. The tables of the engine of durable work, in a schema of
# their own, hold facts only: tests/durable.
_EXISTING = """
    SELECT c.relname, a.attname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'durable') AND n.nspname NOT LIKE 'pg_toast%%'
      AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'django_migrations'
"""


def problems(room: str, existing: Columns, sorted_fields: Sorted) -> list[str]:
    """Compare a room's tables with its privacy.py and return one sentence, with the cure, for each difference."""
    found = []
    for table in sorted(existing.keys() | sorted_fields.keys()):
        columns, known = existing.get(table, set()), set(sorted_fields.get(table, {}))
        if missing := sorted(columns - known):
            found.append(
                f"{table}: {missing} not sorted. Cure: add them to TABLES in src/ansinh/{room}/privacy.py: PUBLIC, personal(…) or sensitive(…)."
            )
        if extra := sorted(known - columns):
            found.append(
                f"{table}: {extra} do not exist. Cure: remove them from TABLES in src/ansinh/{room}/privacy.py."
            )
    return found


def _existing_columns() -> Columns:
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING)
        columns: Columns = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, set()).add(column)
    return columns


def _sorted_fields(room: str) -> Sorted:
    # The foundation holds the words to sort with, and no tables.
    if room == "foundation" or not (PLATFORM / room / "privacy.py").exists():
        return {}
    tables: Sorted = importlib.import_module(f"ansinh.{room}.privacy").TABLES
    return tables


def _room_of(table: str) -> str:
    return next((room for room in rooms() if table.startswith(f"{room}_")), "")


@pytest.mark.django_db
def test_every_column_is_sorted() -> None:
    existing = _existing_columns()
    found = []
    for room in rooms():
        of_room = {table: columns for table, columns in existing.items() if _room_of(table) == room}
        found += problems(room, of_room, _sorted_fields(room))
    assert not found, "\n".join(found)


@pytest.mark.django_db
def test_every_table_belongs_to_a_room() -> None:
    strangers = sorted(table for table in _existing_columns() if not _room_of(table))
    assert not strangers, f"{strangers} belong to no room. Cure: begin a table's name with its room's."


def test_every_model_is_sorted() -> None:
    found = []
    for configuration in apps.get_app_configs():
        if not configuration.name.startswith("ansinh."):
            continue
        models: Columns = {
            model._meta.db_table: {field.column for field in model._meta.local_concrete_fields if field.column}
            for model in configuration.get_models()
            if model._meta.managed
        }
        fields = {table: columns for table, columns in _sorted_fields(configuration.label).items() if table in models}
        found += problems(configuration.label, models, fields)
    assert not found, "\n".join(found)


def test_sorted_values_are_fields() -> None:
    wrong = [
        f"{table}.{column}"
        for room in rooms()
        for table, columns in _sorted_fields(room).items()
        for column, value in columns.items()
        if not isinstance(value, Field)
    ]
    assert not wrong, f"{wrong} are not sorted by a word of ansinh.foundation.privacy"


def test_a_planted_column_is_noticed() -> None:
    existing = {"cards_card": {"card_number", "planted"}}
    (sentence,) = problems("cards", existing, {"cards_card": {"card_number": PUBLIC}})
    assert "['planted'] not sorted" in sentence
    assert "src/ansinh/cards/privacy.py" in sentence


def test_a_planted_table_is_noticed() -> None:
    assert "cards_planted: ['person_id'] not sorted" in problems("cards", {"cards_planted": {"person_id"}}, {})[0]
