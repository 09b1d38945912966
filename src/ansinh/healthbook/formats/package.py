"""A submission as read: package, episodes, tables, rows; and what reading and judging need to know."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansinh.healthbook.formats.line_errors import LineError
    from ansinh.healthbook.states import SubmissionKind

Row = dict[str, str]
"""One row: element name as the tables write it → text (NFC, trimmed). An empty element is not there."""


class Decision(IntEnum):
    """The decision of the Ministry of Health whose tables an encounter follows."""

    QD_4210 = 4210
    QD_130 = 130
    QD_4750 = 4750
    QD_3176 = 3176


@dataclass(slots=True)
class Episode:
    """One HOSO: rows by table code (`XML1` … `XML15`, `CT03` …, `GIAYBAOTU` …), in the order of the file; row 1 is the first."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table; none when the table was not sent."""
        return self.tables.get(table, [])

    def row(self, table: str) -> Row | None:
        """Return the first row of a table, for tables that have one."""
        found = self.tables.get(table)
        return found[0] if found else None

    @property
    def key(self) -> str:
        """Return MA_LK, the facility's key of the episode; empty when none was sent."""
        for code in ("XML1", *self.tables):
            for row in self.rows(code):
                if row.get("MA_LK"):
                    return row["MA_LK"]
        return ""


@dataclass(slots=True)
class Package:
    """A submission as read. What could not be read is in `problems`; a rejecting problem means that nothing of it may be kept in the book."""

    kind: SubmissionKind | None
    """As asked for, or told by the root element; None when the root is none of ours."""
    decision: Decision | None = None
    """As the service's address said; None: not said, so only what all decisions refuse is refused."""
    facility: str = ""
    """MACSKCB of the envelope; empty where the shape has none (XML0, XML12)."""
    made_on: str = ""
    """NGAYLAP as sent."""
    count_declared: str = ""
    """SOLUONGHOSO as sent."""
    episodes: list[Episode] = field(default_factory=list)
    problems: list[LineError] = field(default_factory=list)
    signature: bool = False
    """CHUKYDONVI holds something. Whether it proves anything, `signatures.prove` tells."""

    @property
    def readable(self) -> bool:
        """Tell whether reading met nothing that rejects."""
        return not any(problem.rejects for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Known:
    """What the judge of a package knows of the world."""

    sender: str | None = None
    """The facility that is signed in; None: nobody is (a file on a desk)."""
    facilities: Container[str] | None = None
    """Codes of facilities with a contract; None: not to be had, so only the form of codes is judged."""
    received_on: str = ""
    """The day a package was received (yyyyMMdd), by which what lies in the future is told; empty: not known."""
