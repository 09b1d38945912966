"""`ansinh places`: load reference data, and look up what a code means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.queries import agency_clock
from ansinh.foundation.errors import NotFound
from ansinh.places import queries
from ansinh.places.operations import LoadedSet, load_reference

app = typer.Typer(
    no_args_is_help=True, help="Units, banks, codes, the legal calendar, facilities: load them and look them up."
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@app.command()
def load(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "nạp danh mục dùng chung",
    as_json: Json = False,
) -> None:
    """Load the packaged reference data; sets that have not changed are left alone. Safe to run twice. Example: ansinh places load"""
    loaded = load_all(reason)
    if as_json:
        print_json(
            {one.name: {"version": one.version, "unchanged": one.unchanged, **asdict(one.changes)} for one in loaded}
        )
        return
    for one in loaded:
        changes = one.changes
        words = (
            "không đổi · unchanged"
            if one.unchanged
            else f"thêm {counted(changes.added)}, sửa {counted(changes.changed)}, đóng {counted(changes.closed)} · added, changed, closed"
        )
        out.print(f"{one.name:<24}{counted(changes.rows):>8}  {words}  ({one.version})", markup=False)


@app.command()
def show(
    code: Annotated[
        str | None, typer.Argument(help="A code: province, commune, bank, object code, ICD-10, facility.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what is loaded and from where, or what a code means. Examples: ansinh places show · ansinh places show 79"""
    if code is None:
        _show_sources(as_json)
        return
    found = meanings(code.strip().upper())
    if not found:
        raise NotFound(
            f"Không có mã {code} trong danh mục đã nạp. Chạy ansinh places show để xem các danh mục.",
            f"No loaded set has the code {code}. Run ansinh places show to see the sets.",
        )
    if as_json:
        print_json(found)
        return
    for kind, meaning in found.items():
        out.print(
            f"{kind}: " + ", ".join(f"{name}={value}" for name, value in meaning.items() if value is not None),
            markup=False,
        )


def load_all(reason: str) -> tuple[LoadedSet, ...]:
    """Load every packaged set, with a bar."""
    with progress_bar("Nạp danh mục", None):
        return load_reference(actor=actor(), reason=reason, clock=agency_clock())


def meanings(code: str) -> dict[str, dict[str, object]]:
    """Return what a code means in each set that has it."""
    asked: dict[str, Callable[[str], object]] = {
        "province": queries.province_of_card_code,
        "commune": queries.commune,
        "bank": queries.bank,
        "object_code": queries.object_code,
        "diagnosis": queries.diagnosis,
        "facility": queries.facility,
    }
    answers = {kind: ask(code) for kind, ask in asked.items()}
    return {kind: asdict(answer) for kind, answer in answers.items() if answer is not None}  # type: ignore[call-overload]


def _show_sources(as_json: bool) -> None:
    sources = queries.sources()
    if as_json:
        print_json([asdict(one) for one in sources])
        return
    if not sources:
        out.print("Chưa nạp danh mục nào; chạy: ansinh places load · Nothing is loaded; run: ansinh places load")
    for one in sources:
        out.print(f"{one.name:<24}{counted(one.rows):>8}  {one.version} · {one.origin}", markup=False)
