"""A list on paper: what the post's people carry to where there is no network, numbered as the machine's form is, its digest printed on every page."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ansinh.documents.setting import set_paper

TEMPLATE = Path(__file__).parent / "papers" / "list.typ"
LINES_A_PAPER = 1_000
_GROUP = 8
# Letters of a signature that fit on a line.
_LINE = 100


def papers_of(body: bytes, told: dict[str, Any], made_at: datetime) -> Iterator[bytes]:
    """Yield the list in PDF parts of at most 1,000 lines; `told` has its heading: name, act, place, digest, signature and the communes' names by code."""
    head, *lines = list(csv.reader(io.StringIO(body.decode(), newline="")))[:-1]
    communes: dict[str, str] = told["communes"]
    parts = [lines[start : start + LINES_A_PAPER] for start in range(0, len(lines), LINES_A_PAPER)] or [[]]
    for number, part in enumerate(parts, start=1):
        yield set_paper(
            TEMPLATE,
            {
                "name": told["name"],
                "act": told["act"],
                "place": told["place"],
                "home": told["home"],
                "message_id": head[1],
                "pay_on": told["pay_on"],
                "count": head[4],
                "amount": _money(int(head[5])),
                "digest": _grouped(told["digest"]),
                "signature": textwrap.wrap(told["signature"], _LINE),
                "part": f"{number}/{len(parts)}",
                "lines": [
                    {
                        "number": line[0],
                        "holder": line[3],
                        "amount": _money(int(line[4])),
                        "commune": communes.get(line[5], line[5]),
                    }
                    for line in part
                ],
            },
            made_at,
        )


def _grouped(digest: str) -> str:
    """Write a digest so that two people can read it to one another."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
