"""A filter nobody knows is refused: what is misspelt must never be answered as if it had not been asked."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from tests.architecture.project import python_files

# Hands everything after its own options to another program, which refuses what it does not know.
_PASSED_ON = {"db psql"}


def _commands(group: typer.Typer, before: str = "") -> Iterator[str]:
    for command in group.registered_commands:
        name = command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
        yield f"{before}{name}"
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from _commands(inner.typer_instance, f"{before}{inner.name or inner.typer_instance.info.name} ")


def _command_line() -> typer.Typer:
    app: typer.Typer = importlib.import_module("ansinh.cli.main").command_line()
    return app


def test_commands_refuse_an_unknown_filter() -> None:
    app = _command_line()
    names = [name for name in _commands(app) if name not in _PASSED_ON]
    assert "report project06" in names
    for name in names:
        result = CliRunner().invoke(app, [*name.split(), "--planted-filter", "x"])
        assert result.exit_code == 2, f"`ansinh {name} --planted-filter x` ended with {result.exit_code}"
        assert "--planted-filter" in result.output, f"`ansinh {name}` does not name the option it refuses"


def test_commands_explain_themselves() -> None:
    app = _command_line()
    for name in _commands(app):
        result = CliRunner().invoke(app, [*name.split(), "--help"])
        assert result.exit_code == 0, f"`ansinh {name} --help` ended with {result.exit_code}"


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
