"""`ansinh bench`: measure ours against the bare way, on this machine, in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ansinh.cli.benchmarks.book import measure_book
from ansinh.cli.benchmarks.dialect import measure_dialect
from ansinh.cli.benchmarks.figures import measure_figures
from ansinh.cli.benchmarks.growth import Growth, measure_growth
from ansinh.cli.benchmarks.healthbook import measure_healthbook
from ansinh.cli.benchmarks.intake import measure_intake
from ansinh.cli.benchmarks.layers import measure_layers
from ansinh.cli.benchmarks.lifeevents.backlog import measure_backlog
from ansinh.cli.benchmarks.lifeevents.campaign import Campaign, measure_campaign, own_database_of
from ansinh.cli.benchmarks.nation import measure_nation
from ansinh.cli.benchmarks.own_database import own_database
from ansinh.cli.benchmarks.payrun import measure_payrun
from ansinh.cli.benchmarks.payrun_growth import SIZES, measure_payrun_growth
from ansinh.cli.benchmarks.pulls import measure_pulls
from ansinh.cli.benchmarks.rules import measure_rules
from ansinh.cli.benchmarks.shown import backlog_table, growth_table, show_levels, visits_table
from ansinh.cli.benchmarks.standing import measure_standing
from ansinh.cli.benchmarks.verify import TIGHT_MEMORY, measure_verify
from ansinh.cli.benchmarks.visits import SIZES as VISIT_SIZES
from ansinh.cli.benchmarks.visits import measure_visits
from ansinh.cli.benchmarks.watching import own_home
from ansinh.cli.benchmarks.writing import record
from ansinh.cli.screen import counted, err, out, print_json, progress_bar
from ansinh.database.server import EmbeddedServer

LAYER_SECONDS_MAX = 5
EVENT_KILLS, EVENT_SEED = 10, 11
# The days of a year up to the end of August, when the published figures stop.
DAYS_COUNTED = 243

app = typer.Typer(no_args_is_help=True, help="Measure ours against the bare way, in one run.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


People = Annotated[int, typer.Option(help="How many people the nation has.", min=10_000, max=10_000_000)]
Seed = Annotated[int, typer.Option(help="Another seed, another nation.", min=0)]


@app.callback()
def measure() -> None:
    """Measure ours against the bare way, in one run."""


@app.command()
def intake(
    visits: Annotated[int, typer.Option(help="How many visits are settled.", min=500, max=5_000_000)] = 10_000,
    seconds: Annotated[int, typer.Option(help="How long each level of taking is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Submissions settled and taken, against lxml and pgbench doing less. Example: ansinh bench intake --seconds 5"""
    with progress_bar("Gửi hồ sơ để đọc", visits) as advance:
        found = measure_intake(visits, seconds, err.print, advance)
    if as_json:
        print_json(found)
    else:
        out.print(
            f"CPU {found['cpu_ratio']} × lxml ({found['cpu_ratio_worker']} × không tính CSDL · without the database); "
            f"{counted(found['rate'])} hồ sơ mỗi giây · submissions a second, {found['ratio']} × pgbench"
        )


@app.command()
def figures(
    days: Annotated[int, typer.Option(help="How many days are counted.", min=31, max=3_650)] = DAYS_COUNTED,
    as_json: Json = False,
) -> None:
    """A dashboard's questions on counters of 13,000 facilities and 34 provinces. Example: ansinh bench figures --days 243"""
    found = measure_figures(days)
    if as_json:
        print_json(found)
        return
    for name, seconds in found["questions"].items():
        out.print(f"{name}: {seconds:.3f} s")
    out.print(
        f"{counted(found['n'])} số đếm của cơ sở · facilities' counters; chậm nhất · slowest {found['seconds']:.3f} s"
    )


@app.command()
def visits(
    sizes: Annotated[
        list[int], typer.Option("--visits", help="How many visits; repeat for several sizes.", min=500, max=5_000_000)
    ] = list(VISIT_SIZES),  # noqa: B006  # typer copies it
    as_json: Json = False,
) -> None:
    """Load visits through the real path at growing sizes: seconds, CPU, memory. Example: ansinh bench visits --visits 10000 --visits 100000"""
    with progress_bar("Nạp lượt khám", sum(sizes)) as advance:
        found = measure_visits(sizes, _tell, advance)
    if as_json:
        print_json(found)
    else:
        out.print(visits_table(found))


@app.command()
def standing(
    cards: Annotated[
        int, typer.Option(help="How many cards there are to look up.", min=1_000, max=100_000_000)
    ] = 3_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Audited look-ups over HTTP against the best pgbench doing the same. Example: ansinh bench standing --seconds 5"""
    with progress_bar("Tạo thẻ để tra", cards) as advance:
        found = _looked_up(cards, seconds, advance)
    show_levels(found, as_json)


@app.command()
def dialect(
    cards: Annotated[
        int, typer.Option(help="How many cards there are to look up.", min=1_000, max=100_000_000)
    ] = 3_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Look-ups as older hospital software makes them, against the best pgbench doing the same. Example: ansinh bench dialect --seconds 5"""
    with progress_bar("Tạo thẻ để tra", cards) as advance:
        found = measure_dialect(cards, seconds, _tell, advance)
    show_levels(found, as_json)


@app.command()
def book(
    persons: Annotated[
        int, typer.Option(help="How many persons have a book to read.", min=1_000, max=100_000_000)
    ] = 1_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Contribution books read over HTTP, against the best pgbench doing the same. Example: ansinh bench book --persons 100000 --seconds 5"""
    with progress_bar("Tạo sổ để tra", persons) as advance:
        found = measure_book(persons, seconds, _tell, advance)
    show_levels(found, as_json, "Sổ đóng BHXH · Contribution books", "persons")


@app.command()
def healthbook(
    persons: Annotated[
        int, typer.Option(help="How many persons have a health book to read.", min=1_000, max=100_000_000)
    ] = 1_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Health books read over HTTP, against the best pgbench doing the same. Example: ansinh bench healthbook --persons 100000 --seconds 5"""
    with progress_bar("Tạo sổ sức khỏe để đọc", persons) as advance:
        found = measure_healthbook(persons, seconds, _tell, advance)
    show_levels(found, as_json, "Sổ sức khỏe · Health books", "persons")


@app.command()
def pulls(
    persons: Annotated[
        int, typer.Option(help="How many persons have a card and payments.", min=1_000, max=50_000_000)
    ] = 1_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level is measured.", min=1, max=600)] = 10,
    as_json: Json = False,
) -> None:
    """Cards and payments pulled by the e-ID app, against the best pgbench doing the same. Example: ansinh bench pulls --persons 100000 --seconds 5"""
    with progress_bar("Tạo thẻ để tra", persons) as advance:
        found = measure_pulls(persons, seconds, _tell, advance)
    show_levels(found, as_json, "Thẻ và chi trả · Cards and payments", "persons")


@app.command()
def lifeevents(
    events: Annotated[
        int,
        typer.Option(help="How many births and deaths, half of each, go through all offices.", min=2, max=1_000_000),
    ] = 50_000,
    kills: Annotated[
        int, typer.Option(help="How often worker and database are killed, by turns.", min=0, max=100)
    ] = EVENT_KILLS,
    seed: Seed = EVENT_SEED,
    backlog: Annotated[
        int | None,
        typer.Option(help="Drain a backlog of so many files instead, and of a tenth and a hundredth of it.", min=200),
    ] = None,
    as_json: Json = False,
) -> None:
    """Births and deaths through offices, register and database that fail and are killed, or a backlog drained. Example: ansinh bench lifeevents --events 1000

    Exit code 1 when anything that must not be was found afterwards.
    """
    found = _lived(events, kills, seed, backlog)
    if as_json:
        print_json(found)
    elif backlog is None:
        wrong = {name: count for name, count in found["offending"].items() if count}
        out.print(
            f"{counted(found['n'])} sinh, tử · births and deaths: {found['ended']}, {found['seconds']:.0f} s; {wrong or 'không sai sót · nothing wrong'}"
        )
    else:
        out.print(backlog_table(found))
    if not found["ok"]:
        raise typer.Exit(1)


@app.command()
def nation(people: People = 1_000_000, seed: Seed = 2025, as_json: Json = False) -> None:
    """Invent and load a nation, against a bare COPY of the same rows. Example: ansinh bench nation --people 100000"""
    found = measure_nation(people, seed)
    if as_json:
        print_json(found)
    else:
        out.print(
            f"{counted(people)} người · people: {found['invent_seconds']:.0f} s + {found['load_seconds']:.0f} s, "
            f"{counted(found['rate'])} dòng/s · rows/s (COPY: {counted(found['limit_rate'])}), {counted(found['peak_mib'])} MiB"
        )


@app.command()
def growth(
    sizes: Annotated[list[int], typer.Option("--people", help="A size to live; repeat for several.")] = [  # noqa: B006  # typer copies it
        10_000,
        100_000,
        1_000_000,
    ],
    seed: Seed = 2025,
    as_json: Json = False,
) -> None:
    """Live the demo at several sizes and say what each step took. Example: ansinh bench growth --people 10000 --people 100000"""
    found = _grown(sizes, seed)
    if as_json:
        print_json({"name": "growth", "sizes": found})
        return
    for one in found:
        out.print(f"{counted(one['n'])} người · people: {one['seconds']:.0f} s, {counted(one['peak_mib'])} MiB")


@app.command()
def verify(
    sizes: Annotated[
        list[int], typer.Option("--sizes", "--people", help="A size to match; repeat for several.", min=1_000)
    ] = [  # noqa: B006  # typer copies it
        10_000,
        100_000,
        1_000_000,
    ],
    seed: Seed = 2025,
    tight: Annotated[
        str, typer.Option(help="Match the largest again with so little memory; empty for not.", metavar="SIZE")
    ] = TIGHT_MEMORY,
    as_json: Json = False,
) -> None:
    """Match everyone of dense nations, against a plain join on equal columns. Example: ansinh bench verify --sizes 10000 --sizes 100000"""
    found = measure_verify(sizes, seed, _tell, tight or None)
    if as_json:
        print_json(found)
        return
    for one in found["sizes"]:
        out.print(
            f"{counted(one['n'])} hồ sơ · records: {one['seconds']:.1f} s, CPU {one['cpu_seconds']:.1f} s, {counted(one['peak_mib'])} MiB, "
            f"precision {one['precision']:.6f}, recall {one['recall']:.4f}"
        )
    out.print(f"{counted(found['rate'])} hồ sơ/s · records/s (join: {counted(found['limit_rate'])})")


@app.command()
def rules(
    people: Annotated[int, typer.Option(help="How many pensions are adjusted.", min=1_000, max=20_000_000)] = 3_400_000,
    seed: Seed = 2025,
    as_json: Json = False,
) -> None:
    """Adjust every pension in the database by the law of July 2026, explained, against one bare statement. Example: ansinh bench rules --people 100000"""
    with progress_bar("Điều chỉnh lương hưu", people) as advance:
        found = measure_rules(people, seed, advance)
    if as_json:
        print_json(found)
        return
    out.print(
        f"{counted(people)} lương hưu · pensions: {found['seconds']:.1f} s ({counted(found['rate'])}/s; INSERT…SELECT: {counted(found['limit_rate'])}/s), "
        f"{counted(found['peak_mib'])} MiB, {found['explanation_bytes']:.0f} byte giải trình mỗi người · of explanation each"
    )


@app.command()
def payrun(
    orders: Annotated[int, typer.Option(help="How many are paid.", min=1_000, max=20_000_000)] = 1_000_000,
    growth: Annotated[
        bool, typer.Option("--growth", help="Instead, how the cost grows from 10,000 to 1,000,000.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Build, seal and write a month of payments, against INSERT…SELECT and COPY; then take answers in. Example: ansinh bench payrun --orders 100000"""
    if growth:
        with progress_bar("Tạo người hưởng", sum(SIZES)) as advance:
            grown = measure_payrun_growth(SIZES, _tell, advance)
        if as_json:
            print_json(grown)
        else:
            out.print(growth_table(grown))
        return
    found = _paid(orders)
    if as_json:
        print_json(found)
        return
    out.print(
        f"{counted(orders)} lệnh chi · orders: {found['seconds']:.1f} s, {found['times_bare']:.2f} × INSERT…SELECT + COPY ({found['limit_seconds']:.1f} s); "
        f"đọc lại · read again: {found['verify_seconds']:.1f} s; trả lời · answers: {counted(found['matched'])}, {found['answer_seconds']:.1f} s; "
        f"{counted(found['peak_mib'])} MiB"
    )


@app.command("all")
def everything(
    file: Annotated[Path, typer.Option("--write", help="The report to write.")] = Path("docs/benchmarks.md"),
    cards: Annotated[int, typer.Option(help="Cards to look up.", min=1_000)] = 3_000_000,
    people: People = 1_000_000,
    seconds: Annotated[int, typer.Option(help="How long each level of look-ups is measured.", min=1, max=600)] = 10,
    seed: Seed = 2025,
) -> None:
    """Measure everything, alone on the machine, and write the report. Example: ansinh bench all --write docs/benchmarks.md"""
    sizes = [people // 100, people // 10, people]
    measures: list[Callable[[], dict[str, Any]]] = [
        lambda: _looked_up(cards, seconds, _silent),
        lambda: measure_dialect(cards, seconds, _tell, _silent),
        lambda: measure_book(people, seconds, _tell, _silent),
        lambda: measure_healthbook(people, seconds, _tell, _silent),
        lambda: measure_pulls(people, seconds, _tell, _silent),
        lambda: measure_intake(people // 100, seconds, _tell, _silent),
        lambda: measure_visits(sizes, _tell, _silent),
        lambda: _lived(people // 20, EVENT_KILLS, EVENT_SEED, None),
        lambda: _lived(0, 0, EVENT_SEED, people // 10),
        lambda: measure_nation(people, seed),
        lambda: measure_verify(sizes, seed, _tell),
        lambda: measure_rules(people, seed, _silent),
        lambda: _paid(people),
        lambda: {"name": "growth", "sizes": _grown(sizes, seed)},
        lambda: measure_figures(DAYS_COUNTED),
    ]
    for measure_one in measures:
        record(file, measure_one())
    out.print(f"Đã ghi · Written: {file}")


@app.command("record")
def keep(
    measured: Annotated[
        Path, typer.Argument(help="What a measurement printed with --json.", exists=True, dir_okay=False)
    ],
    file: Annotated[Path, typer.Option("--write", help="The report to write.")] = Path("docs/benchmarks.md"),
) -> None:
    """Keep one measurement in the report, in place of its former one. Example: ansinh bench intake --json > intake.json; ansinh bench record intake.json"""
    try:
        record(file, json.loads(measured.read_text("utf-8")))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        err.print(
            f"{measured} không phải kết quả của `ansinh bench … --json` · is not what `ansinh bench … --json` prints: {error}",
            markup=False,
        )
        raise typer.Exit(2) from None
    out.print(f"Đã ghi · Written: {file}")


def _lived(events: int, kills: int, seed: int, backlog: int | None) -> dict[str, Any]:
    """Live births and deaths in a home of their own, or drain a backlog."""
    with own_home() as home:
        server = EmbeddedServer(home)
        if backlog is not None:
            sizes = [size for size in (backlog // 100, backlog // 10, backlog) if size >= 2]
            return measure_backlog(sizes, server, home, err.print)
        asked = Campaign(
            events // 2, events - events // 2, seed, kills=[("worker", "database")[n % 2] for n in range(kills)]
        )
        return measure_campaign(asked, own_database_of(server), home, err.print)


def _paid(orders: int) -> dict[str, Any]:
    with progress_bar("Tạo người hưởng", orders) as advance:
        return measure_payrun(orders, _tell, advance)


def _silent(_: int) -> None:
    """Show no progress: the command tells what it measures."""


def _tell(words: str) -> None:
    err.print(words, markup=False)


def _looked_up(cards: int, seconds: int, advance: Callable[[int], None]) -> dict[str, Any]:
    """Measure look-ups, and what each layer of them costs."""

    def say(words: str) -> None:
        err.print(words, markup=False)

    found = measure_standing(cards, seconds, say, advance)
    return found | {"layers": measure_layers(own_database(), cards, min(seconds, LAYER_SECONDS_MAX), say)}


def _grown(sizes: list[int], seed: int) -> list[Growth]:
    found = []
    for people in sizes:
        err.print(f"demo, {counted(people)} người · people …", markup=False)
        found.append(measure_growth(people, seed))
    return found
