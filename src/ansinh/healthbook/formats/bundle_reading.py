"""A FHIR R4 bundle of one visit to the rows the hospital tables give, by a mapping that is data; from there on nothing knows that it was no XML."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ansinh.healthbook.formats.bundle_origins import Origins
from ansinh.healthbook.formats.bundle_tree import Entry, Json, Refused, Tree, plain_path, steps, tree_of, values_at
from ansinh.healthbook.formats.bundle_values import READERS, comparator
from ansinh.healthbook.formats.diagnoses import is_diagnosis
from ansinh.healthbook.formats.line_errors import LineError, Severity
from ansinh.healthbook.formats.package import Decision, Episode, Package, Row
from ansinh.healthbook.states import SubmissionKind

_SUMMARY = ("XML1", 1)
_WEIGHT = "29463-7"
_MAIN = "DD"


@cache
def mapping() -> dict[str, Any]:
    """Return the mapping: systems, codes, and by type of resource its table and fields."""
    text = files(__package__).joinpath("bundle_mapping.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@cache
def _path(written: str) -> str:
    """Return a path with the systems that the mapping names shortly."""
    systems = mapping()["systems"]
    return re.sub(r"\[(\w+)\]", lambda found: f"[{systems[found[1]]}]", written)


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle as read, and where its rows were taken from."""

    package: Package
    origins: Origins


def read_bundle(raw: bytes) -> Bundled:
    """Read a bundle. Never raises on what a stranger sends; what is wrong is in the package's problems, by FHIR path."""
    package = Package(SubmissionKind.BUNDLE, Decision.QD_3176, count_declared="1")
    origins = Origins()
    try:
        tree = tree_of(raw)
    except Refused as refused:
        package.problems.append(LineError("Bundle", 0, refused.path, refused.code, refused.values_told))
        return Bundled(package, origins)
    _Reading(tree, package, origins).read()
    return Bundled(package, origins)


class _Reading:
    """Reads the entries of a bundle: the patient and the visit first, since all others are theirs."""

    def __init__(self, tree: Tree, package: Package, origins: Origins) -> None:
        self.tree = tree
        self.package = package
        self.origins = origins
        self.summary: Row = {}
        self.tables: dict[str, list[Row]] = {"XML1": [self.summary]}
        self.rows: dict[str, tuple[Row, int]] = {}
        """By place of an entry its row, and the row's number."""
        self.diagnoses: dict[str, Row] = {}

    def read(self) -> None:
        patient, visit = self._only("Patient"), self._only("Encounter")
        if patient is None or visit is None:
            return
        for one in (patient, visit):
            self._read_summary(one)
        for one in self.tree.entries:
            if one is not patient and one is not visit:
                self._read_other(one)
        self._join_diagnoses(visit)
        for one in self.tree.of("DiagnosticReport"):
            self._join_results(one)
        self._complete_papers()
        facility = self.origins.places.get((*_SUMMARY, "MA_CSKCB"))
        if facility is not None:
            self.origins.note(("GIAMDINHHS", 0, "MACSKCB"), *facility)
        self.package.facility = self.summary.get("MA_CSKCB", "")
        key = self.summary.get("MA_LK")
        for rows in self.tables.values():
            for row in rows:
                if key:
                    row["MA_LK"] = key
        self.package.episodes.append(Episode(self.tables))

    def _read_summary(self, entry: Entry) -> None:
        try:
            if not self._is_taken(entry):
                raise Refused(f"{entry.at}.status", "resource_not_valid")
            self._require_references(entry, mapping()["resources"][entry.kind].get("references", {}))
        except Refused as refused:
            self._problem(entry, refused)
        self._fill(entry, self.summary, *_SUMMARY)

    def _only(self, kind: str) -> Entry | None:
        found = self.tree.of(kind)
        if len(found) == 1:
            return found[0]
        at = found[1].at if found else "Bundle.entry"
        code = "resource_twice" if found else "resource_missing"
        self.package.problems.append(LineError("Bundle", 0, at, code, {"kind": kind}))
        return None

    def _problem(self, entry: Entry, refused: Refused, severity: Severity = Severity.REJECT) -> None:
        self.package.problems.append(
            LineError(entry.kind, 0, refused.path, refused.code, refused.values_told, severity)
        )

    def _read_other(self, entry: Entry) -> None:
        told = mapping()["resources"].get(entry.kind)
        if told is None:
            if entry.kind not in mapping()["beside"]:
                self._problem(entry, Refused(entry.at, "resource_not_taken"), Severity.WARN)
            return
        try:
            if not self._is_taken(entry):
                self._problem(entry, Refused(entry.at, "resource_not_taken"), Severity.WARN)
                return
            self._require_references(entry, told["references"])
            is_weight = entry.kind == "Observation" and self._first(entry, "code.coding[loinc].code") == _WEIGHT
        except Refused as refused:
            self._problem(entry, refused)
            return
        table = told.get("table")
        if table is None:
            row: Row = {}
            self._fill(entry, row, entry.at, 0)
            self.diagnoses[entry.at] = row
            if not row.keys() & {"MA_BENH", "MA_BENH_YHCT"} and not self._says_none(entry):
                self._problem(entry, Refused(f"{entry.at}.code", "resource_not_coded"), Severity.WARN)
        elif is_weight:
            self._fill_weight(entry)
        else:
            row = dict(told.get("constants", {}))
            number = len(self.tables.get(table, ())) + 1
            self._fill(entry, row, table, number)
            if entry.kind != "DiagnosticReport" or "MA_DICH_VU" in row:
                self.tables.setdefault(table, []).append(row)
            self.rows[entry.at] = (row, number)

    def _says_none(self, entry: Entry) -> bool:
        """Tell whether an allergy says that there is none, or that nobody asked."""
        try:
            return self._first(entry, "code.coding[absent].code") is not None
        except Refused:
            return True  # told already

    def _first(self, entry: Entry, written: str) -> Json:
        found = values_at(self.tree, entry.resource, steps(_path(written)), entry.at)
        return next((value for _, value in found), None)

    def _is_taken(self, entry: Entry) -> bool:
        """Tell whether a resource says something that holds, and of a kind that the tables have."""
        told = mapping()["resources"][entry.kind]
        for path in told.get("status", ("status",)):
            if self._first(entry, path) in told.get("not_taken", ()):
                return False
        if "only_when" in told:
            path, value = told["only_when"]
            found = values_at(self.tree, entry.resource, steps(_path(path)), entry.at)
            return any(one == value for _, one in found)
        return True

    def _require_references(self, entry: Entry, references: dict[str, str]) -> None:
        for path, kind in references.items():
            for at, said in values_at(self.tree, entry.resource, steps(path), entry.at):
                if not isinstance(said, dict):
                    raise Refused(at, "json_type", expected="object")
                reference = said.get("reference")
                if reference is None:
                    continue
                if not isinstance(reference, str):
                    raise Refused(f"{at}.reference", "json_type", expected="string")
                target = self.tree.target(reference)
                if target is None or target.kind != kind:
                    raise Refused(f"{at}.reference", "unknown_reference", kind=kind)

    def _fill(self, entry: Entry, row: Row, table: str, number: int) -> None:
        """Take the fields of a resource into a row; of several places that may say a field, the first that does."""
        self.origins.note((table, number, ""), entry.kind, entry.at)
        for one in mapping()["resources"][entry.kind]["fields"]:
            if one["field"] in row:
                continue
            try:
                value, at = self._value(entry, one)
            except Refused as refused:
                self.origins.note((table, number, one["field"]), entry.kind, refused.path)
                self._problem(entry, refused)
                continue
            if value:
                self.origins.note((table, number, one["field"]), entry.kind, at)
                self._put(entry, row, one, value, (table, number, at))
            elif one.get("required"):
                self._problem(entry, Refused(at, "required"))

    def _put(self, entry: Entry, row: Row, one: dict[str, Any], value: str, place: tuple[str, int, str]) -> None:
        if "pattern" not in one:
            row[one["field"]] = value
            return
        found = re.search(one["pattern"], value, re.DOTALL)
        for name, part in (found.groupdict() if found else {}).items():
            if part:
                row[name] = part
                self.origins.note((place[0], place[1], name), entry.kind, place[2])

    def _value(self, entry: Entry, one: dict[str, Any]) -> tuple[str, str]:
        """Return what a resource says of a field, and where; empty, and where it would stand, when it says nothing."""
        for path, wanted in one.get("only", {}).items():
            if self._first(entry, path) not in wanted:
                return "", entry.at
        read = READERS[one.get("type", "text")]
        codes = mapping()["codes"].get(one.get("codes", ""), {})
        for written in one["paths"]:
            for at, value in values_at(self.tree, entry.resource, steps(_path(written)), entry.at):
                said = read(value, at, codes)
                if said and "before" in one:
                    said = self._before(entry, one["before"]) + said
                if said:
                    return said, at
        return "", f"{entry.at}.{plain_path(_path(one['paths'][0]))}"

    def _before(self, entry: Entry, written: str) -> str:
        found = values_at(self.tree, entry.resource, steps(written), entry.at)
        return next((comparator(value, at) for at, value in found), "")

    def _fill_weight(self, entry: Entry) -> None:
        try:
            value, at = self._value(entry, {"paths": ["valueQuantity.value"], "type": "decimal"})
        except Refused as refused:
            self._problem(entry, refused)
            return
        if value:
            self.summary["CAN_NANG"] = value
            self.origins.note((*_SUMMARY, "CAN_NANG"), entry.kind, at)

    def _join_diagnoses(self, visit: Entry) -> None:
        """Sort the diagnoses of a visit into the main one and the others, as the visit ranks them."""
        ranked = self._ranked(visit)
        order = sorted(self.diagnoses, key=lambda at: ranked.get(at, len(ranked)))
        others: list[str] = []
        traditional: list[str] = []
        for at in order:
            row = self.diagnoses[at]
            code, kind = row.get("MA_BENH"), self.origins.places[at, 0, ""][0]
            if row.get("MA_BENH_YHCT"):
                traditional.append(row["MA_BENH_YHCT"])
            if not code:
                continue
            if not is_diagnosis(code):
                path = self.origins.places[at, 0, "MA_BENH"][1]
                self.package.problems.append(LineError(kind, 0, path, "unknown_diagnosis"))
            elif "MA_BENH_CHINH" not in self.summary and kind == "Condition":
                self.summary["MA_BENH_CHINH"] = code
                self.origins.note((*_SUMMARY, "MA_BENH_CHINH"), kind, self.origins.places[at, 0, "MA_BENH"][1])
                if "CHAN_DOAN" in row:
                    self.summary["CHAN_DOAN_RV"] = row["CHAN_DOAN"]
                    self.origins.note((*_SUMMARY, "CHAN_DOAN_RV"), kind, self.origins.places[at, 0, "CHAN_DOAN"][1])
            elif code not in others and code != self.summary.get("MA_BENH_CHINH"):
                others.append(code)
        for name, codes in (("MA_BENH_KT", others), ("MA_BENH_YHCT", traditional)):
            if codes:
                self.summary[name] = ";".join(codes)
                self.origins.note((*_SUMMARY, name), visit.kind, f"{visit.at}.diagnosis")

    def _ranked(self, visit: Entry) -> dict[str, int]:
        """Return the diagnoses a visit names, by their entries' places: the main one first, then in their order."""
        found: list[tuple[bool, int, str]] = []
        try:
            listed = list(values_at(self.tree, visit.resource, steps("diagnosis[]"), visit.at))
            for number, (at, one) in enumerate(listed):
                self._require_references(Entry(visit.kind, at, one), {"condition": "Condition"})
                role = next(
                    (value for _, value in values_at(self.tree, one, steps(_path("use.coding[role].code")), at)), None
                )
                reference = (one.get("condition") or {}).get("reference")
                target = self.tree.target(reference) if reference else None
                if target is not None:
                    found.append((role != _MAIN, number, target.at))
        except Refused as refused:
            self._problem(visit, refused)
        return {at: place for place, (_, _, at) in enumerate(sorted(found))}

    def _join_results(self, report: Entry) -> None:
        """Let results say of which service they are; a conclusion of the report that stands as a note or a value is one of the result."""
        held = self.rows.get(report.at)
        if held is None:
            return
        conclusions = str(report.resource.get("conclusion") or "").split("; ")
        for _, said in values_at(self.tree, report.resource, steps("result[]"), report.at):
            target = self.tree.target(said.get("reference") or "")
            found = self.rows.get(target.at) if target is not None else None
            if found is None:
                continue
            row = found[0]
            if "MA_DICH_VU" in held[0]:
                row.setdefault("MA_DICH_VU", held[0]["MA_DICH_VU"])
            for name in ("MO_TA", "GIA_TRI"):
                if row.get(name) in conclusions:
                    row["KET_LUAN"] = row.pop(name)
                    break

    def _complete_papers(self) -> None:
        """A paper is of the day the visit ended, and of its diagnosis, unless it says otherwise."""
        ended = self.summary.get("NGAY_RA") or self.summary.get("NGAY_VAO", "")
        for row in self.tables.get("XML13", ()):
            if ended and row.get("NGAY_RA", ended)[:8] == ended[:8]:
                row["NGAY_RA"] = ended
        for row in self.tables.get("XML14", ()):
            if ended:
                row.setdefault("NGAY_CT", ended[:8])
            if "NGAY_HEN_KL" in row:
                self.summary.setdefault("NGAY_TAI_KHAM", row["NGAY_HEN_KL"])
        for table in ("XML13", "XML14"):
            for row in self.tables.get(table, ()):
                for name in ("MA_BENH_CHINH", "CHAN_DOAN_RV"):
                    if name in self.summary:
                        row.setdefault(name, self.summary[name])
