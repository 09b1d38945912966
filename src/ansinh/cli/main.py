"""The command `ansinh`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import django
import psycopg
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")
django.setup()

from django.db.utils import OperationalError, ProgrammingError  # noqa: E402  # Django must be set up before its models load

from ansinh.cli import access, acting, audit, bench, cards, db, nation, people, places, report  # noqa: E402
from ansinh.cli.check import check  # noqa: E402
from ansinh.cli.demo import demo  # noqa: E402
from ansinh.cli.processes import DidNotStart  # noqa: E402
from ansinh.cli.screen import err  # noqa: E402
from ansinh.cli.serve import serve  # noqa: E402
from ansinh.foundation.errors import PartnerTrouble, Refusal  # noqa: E402
from ansinh.foundation.settings import BadSetting, settings  # noqa: E402

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ansinh, nền tảng mở cho an sinh xã hội · an open platform for social security.",
)


@app.callback()
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
    acting.act_as(officer)
    if context.invoked_subcommand not in {"db", "demo"} and "--help" not in sys.argv:
        db.ensure_up(settings())


for room in (db, nation, places, access, people, cards, report, audit, bench):
    app.add_typer(room.app, name=room.__name__.rpartition(".")[2])
app.command()(demo)
app.command()(serve)
app.command()(check)


def main() -> None:
    """Run the command line; a refusal is a sentence and an exit code, never a traceback."""
    try:
        app()
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
