"""The post of each province: pays from numbered lists and tells what became of each line (`contracts/post/README.md`). It keeps its own book.

`python -m ansinh_sandbox.post --folders FOLDER --day 2025-07-10`: pay from every list that lies ready.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ansinh_sandbox.chances import per_mille

_END = b"sha256,"
# Lines in a thousand that nobody comes for within the window (an assumption), always the same people.
UNCOLLECTED_PER_MILLE = 6


class WrongList(Exception):
    """The list is not whole, or its numbers do not agree."""


@dataclass(frozen=True, slots=True)
class Line:
    """One payment to hand out."""

    end_to_end_id: str
    name: str
    amount: int


def live(folders: Path, day: date, province: str = "*") -> int:
    """Let the post of every province, or of one, pay from the lists that lie ready, and return how many lines were dealt with.

    A list paid from is moved aside.
    """
    done = 0
    for inbox in sorted(folders.glob(f"P{province}/in")):
        for file in sorted(inbox.glob("*.csv")):
            done += _pay(file, inbox.parent, day)
    return done


def _pay(file: Path, province: Path, day: date) -> int:
    answer = io.StringIO()
    told = csv.writer(answer, lineterminator="\n")
    told.writerow(["ansinh-answers-1"])
    try:
        message_id, lines = read_list(file.read_bytes())
    except WrongList as why:
        told.writerow(["message", file.stem, "refused", str(why)])
        lines = []
    else:
        told.writerow(["message", message_id, "taken", ""])
    book = province / "paid.csv"
    with book.open("a", encoding="utf-8", newline="") as kept:
        paid = csv.writer(kept, lineterminator="\n")
        for number, line in enumerate(lines, start=1):
            collected = per_mille(line.end_to_end_id) >= UNCOLLECTED_PER_MILLE
            event = "paid" if collected else "uncollected"
            moment = f"{day.isoformat()}T16:00:00+07:00"
            told.writerow([line.end_to_end_id, event, f"{file.stem}/{number}", "", line.amount, moment])
            if collected:
                paid.writerow([line.end_to_end_id, line.amount])
    out, aside = province / "out", file.parent / "done"
    out.mkdir(exist_ok=True)
    aside.mkdir(exist_ok=True)
    growing = out / f"{file.stem}.csv.part"
    growing.write_text(answer.getvalue(), "utf-8")
    growing.replace(out / f"{file.stem}.csv")
    file.replace(aside / file.name)
    return len(lines)


def read_list(body: bytes) -> tuple[str, list[Line]]:
    """Return a list's message id and payments; raises WrongList when digest, count or sum is wrong."""
    start = body.rfind(_END)
    if start < 0 or body[start:].strip() != _END + hashlib.sha256(body[:start]).hexdigest().encode():
        raise WrongList("the digest is not that of the list")
    rows = csv.reader(io.StringIO(body[:start].decode(), newline=""))
    form, message_id, _, _, count, total, *_ = next(rows)
    lines = list(_lines(rows))
    if form != "ansinh-list-1" or (len(lines), sum(line.amount for line in lines)) != (int(count), int(total)):
        raise WrongList("the lines are not what the head says")
    return message_id, lines


def _lines(rows: Iterator[list[str]]) -> Iterator[Line]:
    for _, end_to_end_id, _, name, amount, _ in rows:
        yield Line(end_to_end_id, name, int(amount))


def main(arguments: list[str]) -> int:
    """Read the arguments, pay, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_sandbox.post", description="The sandbox post.")
    parser.add_argument("--folders", type=Path, required=True, help="where each province's post has its folder")
    parser.add_argument("--day", type=date.fromisoformat, required=True, help="the day of paying")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(f"the post dealt with {live(chosen.folders, chosen.day):,} payments\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
