"""Files and functions stay small enough to be read in one go; names say what is known."""

from __future__ import annotations

import pytest

from tests.architecture import exceptions
from tests.architecture.project import committed_and_new_files, functions, python_files, rooms, shown, tree_of

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
PARAMETERS_MAX = 7
OPERATIONS_PER_ROOM_MAX = 20
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "data", "info"}

CODE = ("src", "tests", "tools")


def _unused(allowed: dict[str, int], needed: set[str]) -> list[str]:
    return sorted(set(allowed) - needed)


def test_files_stay_within_budget() -> None:
    lines = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*CODE)}
    over = {name: count for name, count in lines.items() if count > FILE_LINES_MAX}
    bad = {name: count for name, count in over.items() if count > exceptions.FILE_LINES.get(name, 0)}
    assert not bad, (
        f"longer than {FILE_LINES_MAX} lines: {bad}. Cure: split by what each part knows; a part may become a folder of its name."
    )
    assert not _unused(exceptions.FILE_LINES, set(over)), (
        "Cure: remove the entries that are no longer needed from exceptions.py"
    )


def test_functions_stay_within_budget() -> None:
    over = {
        f"{shown(path)}::{function.name}": function.lines
        for path in python_files(*CODE)
        for function in functions(tree_of(path))
        if function.lines > FUNCTION_LINES_MAX
    }
    bad = {name: count for name, count in over.items() if count > exceptions.FUNCTION_LINES.get(name, 0)}
    assert not bad, (
        f"longer than {FUNCTION_LINES_MAX} lines: {bad}. Cure: keep the decisions, move pure steps into functions named after them."
    )
    assert not _unused(exceptions.FUNCTION_LINES, set(over)), (
        "Cure: remove the entries that are no longer needed from exceptions.py"
    )


def test_functions_take_few_parameters() -> None:
    over = {
        f"{shown(path)}::{function.name}": function.parameters
        for path in python_files("src", "tools")
        for function in functions(tree_of(path))
        if function.parameters > PARAMETERS_MAX
    }
    bad = {name: count for name, count in over.items() if count > exceptions.PARAMETERS.get(name, 0)}
    assert not bad, f"more than {PARAMETERS_MAX} parameters: {bad}. Cure: hand over one frozen value."
    assert not _unused(exceptions.PARAMETERS, set(over)), (
        "Cure: remove the entries that are no longer needed from exceptions.py"
    )


@pytest.mark.parametrize("room", rooms())
def test_room_has_few_operations(room: str) -> None:
    files = [
        path
        for path in python_files(f"src/ansinh/{room}")
        if "operations" in path.stem or path.parent.name == "operations"
    ]
    public = [
        f.name for path in files for f in functions(tree_of(path)) if "." not in f.name and not f.name.startswith("_")
    ]
    allowed = exceptions.OPERATIONS_PER_ROOM.get(room, OPERATIONS_PER_ROOM_MAX)
    assert len(public) <= allowed, f"{room} has {len(public)} operations, more than {allowed}. Is it two rooms?"


def test_names_say_what_is_known() -> None:
    bad = sorted(
        shown(path)
        for path in committed_and_new_files()
        for piece in shown(path).split("/")
        if piece.split(".")[0].lower() in FORBIDDEN_NAMES and shown(path) not in exceptions.NAMES
    )
    assert not bad, (
        f"named after nothing: {bad}. Cure: name the file after what it knows, in the words of docs/glossary.md."
    )


def test_exceptions_only_get_fewer() -> None:
    lists = (
        exceptions.FILE_LINES,
        exceptions.FUNCTION_LINES,
        exceptions.PARAMETERS,
        exceptions.IMPORTS_INSIDE_FUNCTIONS,
        exceptions.NAMES,
        exceptions.OPERATIONS_PER_ROOM,
    )
    count = sum(len(entries) for entries in lists)
    assert count == exceptions.AT_MOST, (
        f"{count} exceptions, {exceptions.AT_MOST} recorded. Cure: keep to the budget; when an exception went, lower AT_MOST in exceptions.py."
    )
