"""What a person sees in a terminal: progress on stderr, results on stdout, plain lines where there is no terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

# Rich keeps to NO_COLOR and to what the stream can show by itself.
_PLAIN_WIDTH = 120
out = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
err = Console(file=sys.stderr, highlight=False)


def print_json(value: Any) -> None:
    """Print one JSON document for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def titled_table(title: str, *columns: str) -> Table:
    """Return an empty table under a title, with these columns."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    return table


def counted(number: float | int | None, unit: str = "") -> str:
    """Return a figure as people read it: points between thousands, a comma before decimals."""
    if number is None:
        return "–"
    text = f"{number:,.2f}" if isinstance(number, float) else f"{number:,}"
    text = text.translate(str.maketrans(",.", ".,"))
    return f"{text} %" if unit == "percent" else text


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; the block calls what it is given with how much more is done."""
    if not err.is_terminal:
        yield lambda done: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        task = bars.add_task(label, total=total)
        yield lambda done: bars.advance(task, done)
