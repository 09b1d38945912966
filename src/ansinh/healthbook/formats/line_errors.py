"""What is wrong in which line of a submission, and the sentences that say so."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Severity(StrEnum):
    """What an error does to its submission."""

    REJECT = "reject"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class LineError:
    """One thing wrong: table (or the envelope's root), row from 1 (0: the table as a whole), field (may be empty), code of the catalogue, and its numbers.

    `values` carry limits, expected amounts and codes of lists; never names, texts or numbers of persons.
    """

    table: str
    row: int
    field: str
    code: str
    values: dict[str, str] = dataclasses.field(default_factory=dict, hash=False)
    severity: Severity = Severity.REJECT
    episode: int = 1
    """Which HOSO of the file, from 1."""

    @property
    def rejects(self) -> bool:
        """Tell whether the submission cannot be accepted because of this."""
        return self.severity is Severity.REJECT

    @property
    def vi(self) -> str:
        """Return the sentence in Vietnamese: what, where, what to do."""
        return self._said("vi")

    @property
    def en(self) -> str:
        """Return the sentence in English."""
        return self._said("en")

    def _said(self, language: str) -> str:
        sentence = sentences()[self.code][language]
        place = f"{self.table}, {'dòng' if language == 'vi' else 'row'} {self.row}" if self.row else self.table
        return f"{place}: " + sentence.format_map({"table": self.table, "field": self.field} | self.values)

    def plain(self) -> dict[str, str | int]:
        """Return the error as receipts carry it."""
        return {
            "episode": self.episode,
            "table": self.table,
            "row": self.row,
            "field": self.field,
            "code": self.code,
            "severity": self.severity.value,
            "vi": self.vi,
            "en": self.en,
        }


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Return the catalogue: by code the sentence in `vi` and `en`."""
    read: dict[str, dict[str, str]] = json.loads(
        files(__package__).joinpath("sentences.json").read_text(encoding="utf-8")
    )
    return read
