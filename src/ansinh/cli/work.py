"""`ansinh work`: a worker that carries durable work out, until told to stop."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated

import typer

from ansinh.cli.screen import err, out, print_json, titled_table
from ansinh.cli.serve import told_to_stop
from ansinh.config.working import declare_work
from ansinh.database.urls import database_urls
from ansinh.durable import queries
from ansinh.foundation.settings import settings


def work(
    name: Annotated[
        str, typer.Option(help="The worker's stable name: its work goes on when it starts again.")
    ] = "worker-1",
    show: Annotated[bool, typer.Option("--show", help="Only show workers and work that is not finished.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines (with --show).")] = False,
) -> None:
    """Carry payment runs, answers and what recurs until Ctrl-C; start several under different names. Example: ansinh work --name worker-2"""
    if show:
        _show(as_json=as_json)
        return
    declare_work()
    # The engine takes seconds to load; no other command needs it.
    worker = importlib.import_module("ansinh.durable.worker")
    over = told_to_stop()
    with worker.at_work(database_urls(settings()).app, name) as launched:
        err.print(f"{name}: đang làm việc · at work. Ctrl-C để dừng · to stop")
        launched.run(over)
    # Threads of work that waits, for hours perhaps, would be waited for; what they wait for is kept, and goes on at the next start.
    sys.stdout.flush()
    os._exit(0)


def _show(*, as_json: bool) -> None:
    workers, works = queries.workers(), queries.works(unfinished=True)
    if as_json:
        print_json(
            {
                "workers": [{"name": w.name, "seen_seconds_ago": round(w.seen_seconds_ago)} for w in workers],
                "work": [
                    {"key": w.key, "name": w.name, "state": w.state, "worker": w.worker, "steps": w.steps}
                    for w in works
                ],
            }
        )
        return
    table = titled_table(
        "Việc đang làm · Work", "Khóa · Key", "Việc · What", "Trạng thái · State", "Nơi làm · Worker", "Bước · Steps"
    )
    for one in works:
        table.add_row(one.key, one.name, one.state, one.worker or "", str(one.steps))
    out.print(table)
    for seen in workers:
        out.print(f"{seen.name}: {seen.seen_seconds_ago:.0f} s", markup=False)
