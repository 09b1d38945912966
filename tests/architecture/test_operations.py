"""What a room lets others do is an operation: it asks for a permission and leaves an audit line."""

from __future__ import annotations

import ast
import importlib
import inspect
import types

import pytest
from django.db import connection

from ansinh.audit.operation import declared_operations, operation
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import NotPermitted
from tests.architecture.project import PLATFORM, functions, python_files, rooms, tree_of

# The room that makes functions into operations has none of its own to declare.
ROOMS_WITH_OPERATIONS = [
    room
    for room in rooms()
    if (PLATFORM / room / "operations.py").exists() or (PLATFORM / room / "operations").exists()
]


def without_audit(module: types.ModuleType) -> list[str]:
    """Return the public functions a module defines that are not operations."""
    return sorted(
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and not name.startswith("_")
        and value.__module__ == module.__name__
        and not hasattr(value, "__operation__")
    )


def _operation_modules(room: str) -> list[types.ModuleType]:
    folder = PLATFORM / room / "operations"
    names = [f"{folder.name}.{path.stem}" for path in sorted(folder.glob("[a-z]*.py"))] if folder.exists() else []
    return [importlib.import_module(f"ansinh.{room}.{name}") for name in ["operations", *names]]


@pytest.mark.parametrize("room", ROOMS_WITH_OPERATIONS)
def test_public_functions_are_operations(room: str) -> None:
    for module in _operation_modules(room):
        bare = without_audit(module)
        assert not bare, (
            f"{module.__name__}: {bare} leave no audit line. Cure: declare @operation(permission=…), begin the name with an underscore, "
            "or move a read to queries.py."
        )


def test_a_planted_operation_without_audit_is_noticed() -> None:
    module = types.ModuleType("ansinh.planted.operations")
    exec("def replace_card(*, actor, reason):\n    return 1\n", module.__dict__)
    assert without_audit(module) == ["replace_card"]


def test_an_operation_of_the_wrong_shape_does_not_load() -> None:
    def replace_card(person: int, *, actor: Actor, reason: str) -> None:
        """Replace a card."""

    with pytest.raises(TypeError, match=r"only keywords, `actor` and `reason` first"):
        operation(permission="architecture.replace")(replace_card)


@pytest.mark.django_db
def test_a_refused_attempt_leaves_its_line_and_changes_nothing() -> None:
    changed = []

    def settle_test(*, actor: Actor, reason: str) -> None:
        """Change something."""
        changed.append(reason)

    settle_test.__module__ = "ansinh.audit.planted"
    settle = operation(permission="audit.settle_test")(settle_test)
    with pytest.raises(NotPermitted):
        settle(actor=Actor(ActorKind.OFFICER, "7"), reason="planted")
    assert not changed
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome, actor_kind, actor_reference FROM audit_act WHERE act = 'audit.settle_test'")
        assert cursor.fetchall() == [("not_permitted", "officer", "7")]


def test_every_permission_is_in_a_role() -> None:
    for room in ROOMS_WITH_OPERATIONS:
        _operation_modules(room)
    roles = importlib.import_module("ansinh.access.roles")
    granted = roles.all_permissions()
    asked = {
        permission for name, permission in declared_operations().items() if not name.startswith("audit.settle_test")
    }
    missing = sorted(asked - granted)
    assert not missing, (
        f"{missing} are in no role, so nobody may do it. Cure: add them to a role in src/ansinh/access/roles.py."
    )
    unused = sorted(granted - asked - roles.PERMISSIONS_OF_QUERIES)
    assert not unused, f"{unused} are granted but asked for nowhere. Cure: remove them from src/ansinh/access/roles.py."


def test_only_operations_write_to_the_audit_of_acts() -> None:
    writers = [
        path.relative_to(PLATFORM).as_posix()
        for path in python_files("src/ansinh")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "INSERT INTO audit_act" in node.value
    ]
    assert writers == ["audit/operation.py"], (
        f"{writers}: only audit/operation.py writes acts. Cure: make it an operation."
    )


def test_operations_take_the_clock_as_an_argument() -> None:
    real = {"now", "today", "utcnow"}
    callers = [
        f"{path.relative_to(PLATFORM).as_posix()}::{function.name}"
        for room in ROOMS_WITH_OPERATIONS
        for path in python_files(f"src/ansinh/{room}")
        if path.stem == "operations" or path.parent.name == "operations"
        for function in functions(tree_of(path))
        for node in ast.walk(function.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in real
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "timezone"}
    ]
    assert not callers, f"{callers} ask the machine for the time. Cure: take a Clock, or the day, as an argument."
