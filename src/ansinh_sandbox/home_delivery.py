"""The post's people who bring money home, where there may be no network: they pay from a list on paper and tell by line number when they can.

Unkind as life is: results come in two files, the last lines first, lines of the first file again in the second, and one line nobody sent.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ansinh_sandbox.chances import per_mille
from ansinh_sandbox.post import WrongList, read_list

# Lines in a thousand whose payee is not met (an assumption), always the same people.
NOT_MET_PER_MILLE = 150
NOBODY_SENT = 90_000


def live(folders: Path, day: date) -> list[Path]:
    """Visit the homes of every list that lies ready, and return the files of results. A list visited is moved aside."""
    told: list[Path] = []
    for inbox in sorted(folders.glob("H*/in")):
        aside = inbox / "done"
        for file in sorted(inbox.glob("*.csv")):
            told += visit(file, inbox.parent, day)
            aside.mkdir(exist_ok=True)
            file.replace(aside / file.name)
    return told


def visit(file: Path, province: Path, day: date) -> list[Path]:
    """Visit the homes on one list, from its machine form or its paper, keep what was handed out in the province's own book, and write the results.

    Raises WrongList when digest, count or sum is wrong: nobody pays from such a list.
    """
    body = file.read_bytes()
    message_id, lines = read_list(body)
    numbers = [int(row[0]) for row in list(csv.reader(io.StringIO(body.decode(), newline="")))[1:-1]]
    results = []
    province.mkdir(parents=True, exist_ok=True)
    with (province / "paid.csv").open("a", encoding="utf-8", newline="") as kept:
        book = csv.writer(kept, lineterminator="\n")
        for number, line in zip(numbers, lines, strict=True):
            met = per_mille(line.end_to_end_id) >= NOT_MET_PER_MILLE
            results.append(
                [number, "paid" if met else "uncollected", line.amount, f"{day.isoformat()}T17:00:00+07:00", ""]
            )
            if met:
                book.writerow([line.end_to_end_id, line.amount])
    half = len(results) // 2
    stray = [NOBODY_SENT, "paid", 100_000, f"{day.isoformat()}T17:00:00+07:00", ""]
    head = ["ansinh-results-1", message_id, hashlib.sha256(body).hexdigest()]
    return [
        _write(province / "results" / f"{message_id}-1.csv", [head, *reversed(results[half:]), stray]),
        _write(province / "results" / f"{message_id}-2.csv", [head, *results]),
    ]


def cut_off(folders: Path, province: str) -> None:
    """Let the line to a province's post break: where its folder was, nothing can be laid."""
    folder = folders / province
    if not folder.exists():
        folders.mkdir(parents=True, exist_ok=True)
        folder.write_text("no line\n", "utf-8")


def reconnect(folders: Path, province: str) -> None:
    """Mend the line."""
    folder = folders / province
    if folder.is_file():
        folder.unlink()
        (folder / "in").mkdir(parents=True)


def _write(file: Path, rows: Sequence[Sequence[object]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    growing = file.with_name(f"{file.name}.part")
    growing.write_text(text.getvalue(), "utf-8")
    growing.replace(file)
    return file


__all__ = ["WrongList", "cut_off", "live", "reconnect", "visit"]
