"""`ansinh people`: authenticate insured records against the population register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli import identity, identity_views, matching
from ansinh.cli.acting import actor
from ansinh.cli.matching import Engine, EngineOption, resources_for
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.queries import agency_clock, nation_day
from ansinh.database.folder import data_folder
from ansinh.foundation.clock import VIET_NAM, Clock, FixedClock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.people import queries
from ansinh.people.matching import Resources
from ansinh.people.matching.explaining import rule_words
from ansinh.people.procedures import Authenticated, authenticate
from ansinh.people.states import AUTHENTICATED, VERDICTS

# The rule of the table by which number, name and date all agree.
EQUAL_NUMBER = "number.exact"

app = typer.Typer(no_args_is_help=True, help="Authenticate insured records against the population register.")
app.add_typer(identity_views.app)
app.add_typer(identity.app)
app.command("evaluate")(matching.evaluate_nation)
app.command()(matching.explain)


@app.command()
def verify(
    everyone: Annotated[
        bool, typer.Option("--all/--changed", help="Compare everyone again, or only who waits for a verdict.")
    ] = False,
    engine: EngineOption = Engine.DUCKDB,
    memory: Annotated[str, typer.Option(help="How much memory comparing may use.", metavar="SIZE")] = "2GiB",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Live this on an earlier day; for invented nations.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why; kept in the audit.")
    ] = "đối chiếu định kỳ với CSDL quốc gia về dân cư",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False,
) -> None:
    """Compare insured records with the mirror of the register (`ansinh registry snapshot`) and record a verdict for each.

    Cut off at any moment, it goes on where it ended. Example: ansinh people verify --all
    """
    found = verify_all(reason, clock_on(on), everyone=everyone, resources=resources_for(engine, memory))
    show_verdicts(as_json=as_json, new=found.new)


@app.command()
def verdicts(as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False) -> None:
    """Show how many records have which verdict, by which rule, with the number of one of them. Example: ansinh people verdicts"""
    show_verdicts(as_json=as_json, new=None)


def verify_all(
    reason: str, clock: Clock, *, everyone: bool = False, resources: Resources | None = None
) -> Authenticated:
    """Compare those who wait, or everyone, with a bar."""
    waiting = queries.count_persons() if everyone else queries.count_unverified(legal_day(clock.now()))
    work = data_folder(settings()) / "work" / "authentication"
    with progress_bar("Đối chiếu với CSDL dân cư", waiting) as advance:
        return authenticate(
            actor=actor(),
            reason=reason,
            clock=clock,
            work=work,
            everyone=everyone,
            resources=resources,
            progress=advance,
        )


def clock_on(day: datetime | None) -> Clock:
    """Return the agency's clock, or one that stands at noon of an earlier day, which only an invented nation may live again."""
    if day is None:
        return agency_clock()
    if nation_day() is None:
        raise InvalidInput(
            "Chỉ quốc gia mô phỏng mới sống lại được một ngày đã qua; bỏ --on.",
            "Only an invented nation can live a past day again; leave --on out.",
        )
    return FixedClock(day.replace(hour=12, tzinfo=VIET_NAM))


def show_verdicts(*, as_json: bool, new: int | None) -> None:
    """Print the verdict table as known now."""
    counts = queries.verdict_counts(agency_clock().now())
    total = sum(persons for _, _, persons in counts)
    if as_json:
        found = [{"verdict": verdict, "rule": rule, "persons": persons} for verdict, rule, persons in counts]
        print_json({"new": new, "persons": total, "verdicts": found})
        return
    table = Table(title="Kết quả đối chiếu · Verdicts", title_justify="left")
    table.add_column("Kết quả · Verdict")
    table.add_column("Quy tắc · Rule")
    for column in ("Số hồ sơ · Records", "%", "Ví dụ · Example"):
        table.add_column(column, justify="right", no_wrap=True)
    says = rule_words()
    for verdict, rule, persons in counts:
        example = queries.example_of(verdict, rule)
        words = f"{VERDICTS[verdict][0]} · {verdict}"
        table.add_row(words, says.get(rule, rule), counted(persons), counted(100 * persons / total), f"#{example}")
    out.print(table)
    before, after = shares(counts)
    out.print(
        f"Xác thực · Authenticated: {counted(before, 'percent')} nhờ số định danh đúng · by equal numbers, "
        f"{counted(after, 'percent')} sau khi liên kết · after linkage (không kể lực lượng vũ trang, hồ sơ trùng)",
        soft_wrap=True,
    )


def shares(counts: Sequence[tuple[str, str, int]]) -> tuple[float | None, float | None]:
    """Return the per cent of records authenticated by equal numbers alone, and by everything; armed forces and duplicates are left out."""
    asked = sum(persons for verdict, _, persons in counts if verdict not in {"excluded", "duplicate"})
    if not asked:
        return None, None
    linked = [(rule, persons) for verdict, rule, persons in counts if verdict in AUTHENTICATED]
    by_number = sum(persons for rule, persons in linked if rule == EQUAL_NUMBER)
    return 100 * by_number / asked, 100 * sum(persons for _, persons in linked) / asked
