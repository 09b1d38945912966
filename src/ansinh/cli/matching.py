"""`ansinh people evaluate` and `explain`: how good the matching is, and why a verdict."""

from __future__ import annotations

import os
import re
import resource
import tempfile
import time
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ansinh.cli.nation import create_nation, source_of
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.queries import nation_source
from ansinh.database.folder import data_folder
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.settings import settings
from ansinh.people.authentication import decision_about, write_judged
from ansinh.people.matching import Report, Resources, Source, evaluate, files_of, match
from ansinh.people.matching.explaining import explained

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


class Engine(StrEnum):
    """What compares."""

    DUCKDB = "duckdb"
    SPARK = "spark"


EngineOption = Annotated[
    Engine, typer.Option(help="What compares; spark needs the extra ansinh[spark] and Java (docs/howto/spark.md).")
]
_SIZE = re.compile(r"\d+ ?[MG]iB")


def resources_for(engine: Engine, memory: str) -> Resources:
    """Return what a run may use of this machine; raises InvalidInput where that cannot be had."""
    if not _SIZE.fullmatch(memory):
        raise InvalidInput(
            f"Không hiểu bộ nhớ {memory!r}; viết như 700MiB hay 2GiB.",
            f"Memory {memory!r} is not understood; write it like 700MiB or 2GiB.",
        )
    if engine is Engine.SPARK and find_spec("pyspark") is None:
        raise InvalidInput(
            "Chưa cài Spark; xem docs/howto/spark.md, hoặc dùng --engine duckdb.",
            "Spark is not installed; see docs/howto/spark.md, or use --engine duckdb.",
        )
    return Resources(memory, threads=max(os.cpu_count() or 1, 1), engine=engine.value)


def evaluate_nation(
    folder: Annotated[
        Path | None, typer.Argument(help="A nation's folder to match afresh; the verdicts on record unless told.")
    ] = None,
    truth: Annotated[bool, typer.Option("--truth", help="Compare with the invented nation's truth.")] = True,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Invent a dense nation of this seed, match it and throw it away.")
    ] = None,
    people: Annotated[int, typer.Option(min=1_000, max=10_000_000, help="How many people --seed invents.")] = 1_000_000,
    engine: EngineOption = Engine.DUCKDB,
    memory: Annotated[str, typer.Option(help="Memory the engine may use.", metavar="SIZE")] = "2GiB",
    as_json: Json = False,
) -> None:
    """Compare every decision with the truth: those on record, those the engine makes afresh about a nation's folder, or about a new nation.

    Examples: ansinh people evaluate --truth --json · ansinh people evaluate --truth --seed 107 --json
    """
    with tempfile.TemporaryDirectory(prefix="ansinh-evaluate-") as scratch:
        nation = folder or (loaded_nation() if seed is None else Path(scratch) / "nation")
        if seed is not None and folder is None:
            create_nation(nation, people, seed, dense=True)
        sides = _sides(nation, told=truth)
        begun, used = time.monotonic(), _processor_seconds()
        if folder is None and seed is None:
            decisions = [write_judged(Path(scratch), source_of(nation))]
        else:
            decisions = decide_afresh(sides, Path(scratch) / "work", resources_for(engine, memory))
        seconds, cpu = time.monotonic() - begun, _processor_seconds() - used
        report = evaluate(decisions, [sides[0]], [sides[2]])
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if as_json:
        cost = {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "peak_mib": peak_mib}
        print_json({**report.as_dict(), **cost})
    else:
        show_report(report, seconds, peak_mib)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _sides(nation: Path, *, told: bool) -> tuple[Path, Path, Path]:
    insured, register, links = (
        nation / part for part in ("agency/insured.parquet", "register/person.parquet", "truth/link.parquet")
    )
    if not told or not all(part.exists() for part in (insured, register, links)):
        raise NotFound(
            f"Không có đáp án ở {nation}; cần register/, agency/ và truth/.",
            f"No truth at {nation}; it needs register/, agency/ and truth/.",
        )
    return insured, register, links


def decide_afresh(sides: tuple[Path, Path, Path], work: Path, resources: Resources) -> list[Path]:
    """Match the first two sides with a bar that counts finished pieces; returns the files of decisions."""
    insured, register, _ = sides
    with progress_bar("Đối sánh", None) as advance:
        for _ in match(Source.of(insured), Source.of(register), work, resources=resources, finished=advance):
            pass
    return sorted(file for piece in (work / "decisions").glob("*.parquet") for file in files_of(piece))


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
        ("Tỉnh · Province", report.provinces),
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
