"""The migrations say what the models say, and each explains itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.architecture.project import python_files, shown, tree_of

MIGRATIONS = [
    path for path in python_files("src/ansinh") if path.parent.name == "migrations" and path.stem != "__init__"
]


def test_models_have_their_migrations() -> None:
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(graph=loader.graph)
    wanted = {
        label: [operation.describe() for m in migrations for operation in m.operations]
        for label, migrations in changes.items()
    }
    assert not wanted, (
        f"models changed without a migration: {wanted}. Cure: .venv/bin/python -m django makemigrations, then name and explain it."
    )


def test_no_room_has_two_latest_migrations() -> None:
    conflicts = MigrationLoader(None).detect_conflicts()
    assert not conflicts, f"{conflicts}. Cure: let one of them depend on the other."


@pytest.mark.parametrize("path", MIGRATIONS, ids=shown)
def test_migration_explains_itself(path: Path) -> None:
    words = ast.get_docstring(tree_of(path)) or ""
    assert words, f"{shown(path)}: Cure: a docstring that says why, which locks to expect, and how to undo it."
