"""Where in a bundle each field of its rows was taken from, so that what is wrong with a row is told where the facility wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansinh.healthbook.formats.line_errors import LineError

Place = tuple[str, int, str]

# A bundle carries no bills and counts no rows: what only they need is not asked of it. What it must have, the mapping says.
_NOT_ASKED = frozenset(
    {
        "required",
        "required_when",
        "table_missing",
        "rows_missing",
        "out_of_sequence",
        "total_without_lines",
        "table_not_expected",
    }
)
# A paper may say a diagnosis in other words; its code must agree.
_OWN_WORDS = frozenset({"CHAN_DOAN_RV"})


@dataclass(slots=True)
class Origins:
    """By table, row and field the resource's type and the path; the field is empty for a row as a whole."""

    places: dict[Place, tuple[str, str]] = field(default_factory=dict)

    def note(self, place: Place, kind: str, path: str) -> None:
        """Keep where a value was taken from; the first is told."""
        self.places.setdefault(place, (kind, path))

    def told(self, errors: list[LineError]) -> list[LineError]:
        """Return the errors by FHIR path."""
        found = []
        for error in errors:
            if error.field.startswith("Bundle"):
                found.append(error)
            elif (told := self._told(error)) is not None:
                found.append(told)
        return found

    def _told(self, error: LineError) -> LineError | None:
        at = self.places.get((error.table, error.row, error.field))
        if error.code in _NOT_ASKED or (error.code == "differs_from_xml1" and error.field in _OWN_WORDS):
            return None
        kind, path = at or self.places.get((error.table, error.row, ""), ("Bundle", "Bundle"))
        code, values = error.code, {name: self._named(error, value) for name, value in error.values.items()}
        if code == "differs_from_xml1":
            code, values = "differs_from_visit", {"than": self._path("XML1", 1, error.values["than"])}
        return LineError(kind, 0, path, code, values, error.severity)

    def _named(self, error: LineError, value: str) -> str:
        """Name the other field of a sentence by its path."""
        if value.startswith("XML1."):
            return self._path("XML1", 1, value[5:]) or value
        return self._path(error.table, error.row, value) or value

    def _path(self, table: str, row: int, name: str) -> str:
        return self.places.get((table, row, name), ("", ""))[1]
