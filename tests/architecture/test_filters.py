"""A filter nobody knows is refused: what is misspelt must never be answered as if it had not been asked."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import typer

from tests.architecture.project import python_files

# Hands everything after its own options to another program, which refuses what it does not know.
_PASSED_ON = {"db psql"}


def _commands() -> dict[str, Any]:
    def walk(group: Any, before: str) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(command, f"{before}{name} ")
            else:
                yield f"{before}{name}", command

    return dict(walk(typer.main.get_command(importlib.import_module("ansinh.cli.main").command_line()), ""))


def test_commands_refuse_an_unknown_filter() -> None:
    commands = _commands()
    assert "report project06" in commands
    for name, command in commands.items():
        if name in _PASSED_ON:
            continue
        # Reading the words is enough: nothing of the command has run when it refuses.
        with pytest.raises(Exception, match="No such option: --planted-filter") as refused:
            command.make_context(name, ["--planted-filter", "x"])
        assert getattr(refused.value, "exit_code", None) == 2, f"`ansinh {name} --planted-filter x`"


def test_commands_explain_themselves() -> None:
    bare = sorted(name for name, command in _commands().items() if not command.help)
    assert not bare, f"{bare} have no help. Cure: a docstring with an example."


def lenient_bodies(bodies: list[type[msgspec.Struct]]) -> list[str]:
    """Return the request bodies that would accept a field nobody knows."""
    return sorted(body.__name__ for body in bodies if not body.__struct_config__.forbid_unknown_fields)


def test_gateway_bodies_refuse_an_unknown_field() -> None:
    modules = {
        importlib.import_module(
            ".".join(("ansinh", "gateway", *path.parts[path.parts.index("gateway") + 1 :])).removesuffix(".py")
        )
        for path in python_files("src/ansinh/gateway")
        if path.stem not in {"__init__", "__main__"}
    }
    bodies = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
        and _is_asked(value)
    ]
    assert bodies, (
        "the gateway has no request bodies where this test looks: msgspec.Struct classes named …Request, …Question or …Query"
    )
    assert not lenient_bodies(bodies), (
        f"{lenient_bodies(bodies)} accept fields nobody knows. Cure: forbid_unknown_fields=True."
    )


def _is_asked(body: type[msgspec.Struct]) -> bool:
    return body.__name__.lstrip("_").endswith(("Request", "Question", "Query", "Asked"))


def test_a_planted_lenient_body_is_noticed() -> None:
    class Planted(msgspec.Struct):
        key: str

    assert lenient_bodies([Planted]) == ["Planted"]
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(
            b'{"key":"1","planted":true}', type=msgspec.defstruct("Strict", [("key", str)], forbid_unknown_fields=True)
        )
