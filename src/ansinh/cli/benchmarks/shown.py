"""Measurements as people read them on the screen."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from ansinh.cli.screen import counted, out, print_json


def show_levels(found: dict[str, Any], as_json: bool, title: str = "Tra cứu thẻ · Look-ups", of: str = "cards") -> None:
    """Print look-ups measured at several levels, as JSON or as a table."""
    if as_json:
        print_json(found)
    else:
        out.print(standing_table(found, title, of))


def visits_table(found: dict[str, Any]) -> Table:
    """Return loads by size: what each took, and the memory of each part."""
    table = Table(title="Nạp lượt khám vào sổ · A load of visits", title_justify="left")
    names = (
        "lượt · visits",
        "hồ sơ · submissions",
        "nhận · taken s",
        "đọc · settled s",
        "/s",
        "CPU ms",
        "worker MiB",
        "database MiB",
    )
    for name in names:
        table.add_column(name, justify="right")
    for one in found["sizes"]:
        counts = (one["visits"], one["submissions"], round(one["take_seconds"]), round(one["seconds"]))
        rates = (counted(round(one["submissions_per_second"])), f"{one['cpu_ms_each']:.2f}")
        table.add_row(*map(counted, counts), *rates, counted(one["worker_mib"]), counted(one["database_mib"]))
    return table


def backlog_table(found: dict[str, Any]) -> Table:
    """Return what a file of a backlog cost at each size."""
    table = Table(title="Hồ sơ tồn · A backlog", title_justify="left")
    columns = {
        "n": "Hồ sơ · Files",
        "per_thousand_seconds": "s/1000",
        "cpu_ms": "CPU ms",
        "database_ms": "CSDL · database ms",
        "peak_mib": "MiB",
    }
    for name in columns.values():
        table.add_column(name, justify="right")
    for one in found["sizes"]:
        table.add_row(*(counted(one[name]) for name in columns))
    return table


def growth_table(grown: dict[str, Any]) -> Table:
    """Return seconds of each part by size, and how many times as long each size took as the one before."""
    table = Table(title="Chi trả: chi phí tăng theo số lệnh · How cost grows (s)", title_justify="left")
    table.add_column("")
    for size in grown["sizes"]:
        table.add_column(counted(size), justify="right")
    for _ in grown["growth"]:
        table.add_column("×", justify="right")
    for part in grown["parts"][-1]:
        times = [str(one.get(part, "–")) for one in grown["growth"]]
        table.add_row(part, *(str(one[part]) for one in grown["parts"]), *times)
    return table


def standing_table(found: dict[str, Any], title: str, of: str) -> Table:
    """Return the figures of look-ups as a table for people."""
    table = Table(title=f"{title}, {counted(found['n'])} {of}", title_justify="left")
    for name in ("", "/s", "p50 ms", "p99 ms"):
        table.add_column(name, justify="right" if name else "left")
    for level in found["bare"]:
        table.add_row(f"pgbench {level['script']}, {level['clients']} clients", counted(round(level["rate"])), "", "")
    for level in found["levels"]:
        row = (counted(round(level["rate"])), f"{level['p50_ms']:.1f}", f"{level['p99_ms']:.1f}")
        table.add_row(f"gateway, {level['connections']} connections", *row)
    table.add_row("tỷ lệ · ratio", f"{found['ratio']:.2f}", "", "")
    return table
