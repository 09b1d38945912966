"""The command `ansinh`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import django
import psycopg
import typer
from django.db.utils import OperationalError, ProgrammingError

from ansinh.cli.processes import DidNotStart
from ansinh.cli.screen import err
from ansinh.foundation.errors import PartnerTrouble, Refusal
from ansinh.foundation.settings import BadSetting, settings

# In the order of the help. A room's module has an `app`; a single command's has a function of its name.
ROOMS = (
    "db",
    "nation",
    "places",
    "rules",
    "access",
    "ceilings",
    "dialect",
    "registry",
    "people",
    "book",
    "cards",
    "benefits",
    "healthbook",
    "events",
    "services",
    "eid",
    "pay",
    "report",
    "rights",
    "audit",
    "bench",
)
COMMANDS = ("demo", "serve", "work", "check")
# Commands of a room whose libraries take long to load, each with the module that has its function: left out where another command of the room is asked for.
APART = {"people": {"link": "linking"}, "nation": {"visits": "nation_visits", "scenarios": "nation_visits"}}
APART["healthbook"] = dict.fromkeys(("work", "pack", "states"), "healthbook_work")


def command_line(asked: Sequence[str] = ()) -> typer.Typer:
    """Build the command line; where the words `asked` begin with one command, only its own module is loaded, so that it answers sooner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")
    django.setup()
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(begin)
    named = next((word for word in asked if word in {*ROOMS, *COMMANDS}), None)
    for name in ROOMS:
        if named in {name, None}:
            app.add_typer(_room(name, asked), name=name)
    for name in COMMANDS:
        if named in {name, None}:
            app.command()(getattr(importlib.import_module(f"ansinh.cli.{name}"), name))
    return app


def _room(name: str, asked: Sequence[str]) -> typer.Typer:
    """Return a room's commands; those apart only where one of them, or the help, is asked for."""
    room: typer.Typer = importlib.import_module(f"ansinh.cli.{name}").app
    there = {command.name for command in room.registered_commands}
    after = next(iter(asked[asked.index(name) + 1 :]), "") if name in asked else ""
    for command, module in APART.get(name, {}).items():
        if command not in there and (after == command or after.startswith("-") or not after):
            room.command(command)(getattr(importlib.import_module(f"ansinh.cli.{module}"), command))
    return room


def begin(
    context: typer.Context,
    officer: Annotated[
        str | None,
        typer.Option(
            "--as", envvar="ANSINH_AS", metavar="OFFICER", help="Act as this officer instead of the operator."
        ),
    ] = None,
) -> None:
    """Ansinh, nền tảng mở cho an sinh xã hội · an open platform for social security.

    Exit codes: 0 done; 1 a check failed; 2 refused, or used wrongly; 3 a partner or the database does not answer.
    """
    acting = importlib.import_module("ansinh.cli.acting")  # reaches models, so only once Django is set up
    acting.act_as(officer)
    # The law, how fast it is, and proving a paper need no database.
    without = {"db", "demo", "rules"}
    alone = (context.invoked_subcommand, *sys.argv[2:3]) in {
        ("bench", "rules"),
        ("book", "prove"),
        ("cards", "fetch-offline"),
        ("cards", "verify-offline"),
        ("cards", "send-offline"),
        ("nation", "visits"),
        ("nation", "scenarios"),
        ("healthbook", "check-file"),
        ("healthbook", "tables"),
    }
    if context.invoked_subcommand not in without and not alone and "--help" not in sys.argv:
        importlib.import_module("ansinh.cli.db").ensure_up(settings())


def main() -> None:
    """Run the command line; a refusal is a sentence and an exit code, never a traceback."""
    try:
        command_line(sys.argv[1:])()
    except Refusal as refusal:
        _leave(2, refusal.vi, refusal.en)
    except (BadSetting, DidNotStart) as trouble:
        _leave(2, str(trouble))
    except PartnerTrouble as trouble:
        again = (
            "Thử lại sau. · Try again later."
            if trouble.temporary
            else "Báo cho quản trị viên. · Tell an administrator."
        )
        _leave(3, f"Đối tác không đáp ứng · A partner did not do what was agreed: {trouble}", again)
    except (OperationalError, psycopg.OperationalError):
        _leave(3, "Cơ sở dữ liệu không trả lời. Chạy: ansinh db up", "The database does not answer. Run: ansinh db up")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            raise
        _leave(
            3,
            "Cơ sở dữ liệu chưa có bảng. Chạy: ansinh db migrate",
            "The database has no tables yet. Run: ansinh db migrate",
        )


def _leave(code: int, *sentences: str) -> None:
    for sentence in sentences:
        err.print(sentence, markup=False)
    sys.exit(code)
