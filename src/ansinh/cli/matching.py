"""`ansinh people evaluate` and `explain`: how good the matching is, and why a verdict."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ansinh.cli.nation import source_of
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import nation_source
from ansinh.database.folder import data_folder
from ansinh.foundation.errors import NotFound
from ansinh.foundation.settings import settings
from ansinh.people.authentication import decision_about, write_judged
from ansinh.people.matching import Report, Resources, Source, evaluate, match
from ansinh.people.matching.explaining import explained

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


def evaluate_nation(
    folder: Annotated[
        Path | None, typer.Argument(help="A nation's folder to match afresh; the verdicts on record unless told.")
    ] = None,
    truth: Annotated[bool, typer.Option("--truth", help="Compare with the invented nation's truth.")] = True,
    work: Annotated[Path | None, typer.Option(help="Folder for the pieces; kept, so that a run goes on.")] = None,
    memory: Annotated[str, typer.Option(help="Memory the engine may use.")] = "2GiB",
    threads: Annotated[int, typer.Option(min=1, help="Threads the engine may use.")] = 2,
    as_json: Json = False,
) -> None:
    """Compare every decision with the truth: those on record, or those the engine makes afresh about a nation's folder.

    Examples: ansinh people evaluate --truth --json · ansinh people evaluate NATION --truth --json
    """
    nation = folder or loaded_nation()
    parts = [nation / part for part in ("agency/insured.parquet", "register/person.parquet", "truth/link.parquet")]
    if not truth or not all(part.exists() for part in parts):
        raise NotFound(
            f"Không có đáp án ở {nation}; cần register/, agency/ và truth/.",
            f"No truth at {nation}; it needs register/, agency/ and truth/.",
        )
    insured, register, links = parts
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        if folder is None:
            decisions = [write_judged(Path(scratch), source_of(nation))]
        else:
            target = work or Path(scratch)
            for _ in match(Source.of(insured), Source.of(register), target, resources=Resources(memory, threads)):
                pass
            decisions = sorted((target / "decisions").glob("*.parquet"))
        seconds = time.monotonic() - begun
        report = evaluate(decisions, [insured], [links])
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if as_json:
        print_json({**report.as_dict(), "seconds": round(seconds, 2), "peak_mib": peak_mib})
    else:
        show_report(report, seconds, peak_mib)


def loaded_nation() -> Path:
    """Return the folder of the invented nation that lives in the database; raises NotFound where there is none."""
    source = nation_source()
    for marked in sorted((data_folder(settings()) / "nations").glob("*/manifest.json")):
        if source_of(marked.parent) == source:
            return marked.parent
    raise NotFound(
        "Không tìm thấy thư mục của quốc gia mô phỏng đang dùng; nêu thư mục: ansinh people evaluate THƯ_MỤC --truth",
        "The folder of the nation in the database is not at hand; name one: ansinh people evaluate FOLDER --truth",
    )


def show_report(report: Report, seconds: float, peak_mib: int) -> None:
    """Print a report for people."""
    low, high = report.precision_interval
    out.print(
        f"{counted(report.records)} hồ sơ, {seconds:.1f} s, {counted(peak_mib)} MiB · records"
        f" ({counted(report.excluded)} tính riêng · excluded)"
    )
    out.print(
        f"Khớp tự động · linked {counted(report.linked)}, sai · wrong {report.wrong}:"
        f" precision {report.precision:.6f} ({low:.6f}–{high:.6f}), recall {report.recall:.4f},"
        f" with review {report.recall_with_review:.4f}"
    )
    out.print(
        f"Hồ sơ trùng · duplicates {counted(report.duplicates)}: found {report.duplicates_found:.4f},"
        f" pure groups {report.duplicate_groups_pure:.4f}"
    )
    for title, rows in (
        ("Nhóm · Group", report.groups),
        ("Tuổi · Age", report.ages),
        ("Sai sót · Damage", report.damage),
    ):
        out.print(_table(title, rows))


def _table(title: str, rows: dict[str, dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(title)
    for column in ("records", "linked", "wrong", "recall", "recall_with_review"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, row in rows.items():
        table.add_row(
            name,
            *(counted(row[column]) for column in ("records", "linked", "wrong")),
            f"{row['recall']:.4f}",
            f"{row['recall_with_review']:.4f}",
        )
    return table


def explain(
    person: Annotated[
        int, typer.Argument(help="Record number, as `ansinh people verdicts` shows it.", metavar="PERSON")
    ],
    as_json: Json = False,
) -> None:
    """Tell why a record has its verdict: the rule, or a waterfall of weights. Example: ansinh people explain 4711"""
    decision = decision_about(person)
    if decision is None:
        raise NotFound(f"Chưa có kết luận về hồ sơ {person}.", f"There is no verdict about record {person}.")
    if as_json:
        print_json(decision)
    else:
        out.print(explained(decision), markup=False)
