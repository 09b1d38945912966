"""Bad values of each field, made from the description's words alone: what is wrong, and where it must be told. Nothing here asks how it is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansinh.healthbook import formats

_FOLDER = Path(formats.__path__[0])
HOSPITAL_TABLES = tuple(f"XML{number}" for number in range(16))
PAPER_TABLES = (
    "CT03",
    "CT04",
    "CT06",
    "CT07",
    "GIAYDIEUTRINOITRU",
    "GIAYDIEUTRIVOSINH",
    "GIAYSUCKHOEME",
    "GIAYBAOTU",
    "GIAYCHUNGSINH",
)
# Sent only with one row in the good file; row 2 of XML3 is a supply.
SUPPLY_FIELDS = {"MA_VAT_TU", "GOI_VTYT", "TEN_VAT_TU", "TT_THAU", "TAI_SU_DUNG"}
# No district exists since July 2025: told before, taken after; the good files are of June 2025.
MAY_BE_EMPTY = {"MAHUYEN_CU_TRU"}
# Texts of a rule nobody has seen: its lack is told, not refused.
UNSURE = {("XML2", "SO_DANG_KY")}


@dataclass(frozen=True)
class Bad:
    """One field with one bad value (None: left out), and what must be told: a code of the catalogue, or nothing."""

    table: str
    field: str
    kind: str
    value: str | None
    codes: tuple[str, ...]
    severity: str = "reject"

    @property
    def row(self) -> int:
        return 2 if self.table == "XML3" and self.field in SUPPLY_FIELDS else 1

    def __str__(self) -> str:
        return f"{self.table}.{self.field} {self.kind}"


def described(table: str) -> dict[str, Any]:
    """Return a table's data file."""
    read: dict[str, Any] = json.loads((_FOLDER / "hospital_tables" / f"{table.lower()}.json").read_text("utf-8"))
    return read


def code_list(name: str) -> set[str]:
    """Return the codes of a list."""
    return set(json.loads((_FOLDER / "code_lists.json").read_text("utf-8"))[name]["values"])


def bad_values(table: str) -> Iterator[Bad]:
    """Go through every field of a table and every way to get it wrong."""
    for field in described(table)["fields"]:
        yield from _missing(table, field)
        yield from _typed(table, field)
        yield from _coded(table, field)
        yield from _sized(table, field)


def _missing(table: str, field: dict[str, Any]) -> Iterator[Bad]:
    name = field["name"]
    if name in MAY_BE_EMPTY and field["required"]:
        yield Bad(table, name, "left out", None, ("required",), "warn")
    elif (table, name) in UNSURE:
        yield Bad(table, name, "left out", None, ("required_when",), "warn")
    elif table == "XML0" and name == "MA_DICH_VU":
        yield Bad(table, name, "left out", None, ("required",))
    elif (table == "XML0" and name in {"MA_THUOC", "TEN_THUOC", "MA_VAT_TU", "TEN_VAT_TU"}) or name == "MA_XANG_DAU":
        return  # asked of other first costs, and of transport, than the good file has
    elif field["required"] is True:
        yield Bad(table, name, "left out", None, ("required",))
    elif field["required"] is False:
        yield Bad(table, name, "left out", None, ())
    else:
        yield Bad(table, name, "left out", None, ("required_when",))


def _typed(table: str, field: dict[str, Any]) -> Iterator[Bad]:
    name, kind = field["name"], field["type"]
    if kind in {"integer", "percent"}:
        for value in ("a", "１", "1,", "-", " ?"):
            yield Bad(table, name, f"no whole number {value!r}", value, ("not_whole_number",))
    if kind == "decimal":
        for value in ("abc", "1,5", "1.2.3", "1e3", "NaN", "١"):
            yield Bad(table, name, f"no number {value!r}", value, ("not_number",))
        yield Bad(table, name, "negative", "-1", ("negative",))
        yield Bad(table, name, "too many decimals", "1." + "1" * (field["scale"] + 1), ("too_many_decimals",))
    if kind == "percent":
        yield Bad(table, name, "above 100", "101", ("out_of_range",))
    if kind in {"date", "moment", "date_or_moment"}:
        tail = "0800" if kind == "moment" else ""
        for day in ("20250230", "20251301", "20250631", "2025061", "hôm nay", "00000000", "06/06/2025"):
            yield Bad(table, name, f"no day {day!r}", day + tail, ("bad_date",))
    if kind == "moment":
        for value in ("202506062460", "202506062400", "20250606080000"):
            yield Bad(table, name, f"no moment {value!r}", value, ("bad_date",))
        if name != "NGAY_HEN_KL":
            yield Bad(table, name, "a day only", "20250606", ("bad_date",))


def _coded(table: str, field: dict[str, Any]) -> Iterator[Bad]:
    name = field["name"]
    if "list" in field:
        stranger = next(code for code in ("9", "99", "77", "0") if code not in code_list(field["list"]))
        yield Bad(table, name, "not in its list", stranger, ("not_in_list",))
    if field.get("shape") == "icd10":
        for value in ("ZZZ.9", "A00.5", "I10.X", "viêm phổi"[:7], "U99.Z"):
            yield Bad(table, name, f"no diagnosis {value!r}", value, ("unknown_diagnosis",))
    rule = field.get("rule", "")
    if rule.startswith("9 or 12 digits"):
        for value in ("12345678", "1234567890", "AB123456", "b1234567"):
            yield Bad(table, name, f"no identity number {value!r}", value, ("wrong_form",))
    if rule.startswith("digits, not all zeros"):
        for value in ("0000000000", "12345a7890"):
            yield Bad(table, name, f"no social-insurance number {value!r}", value, ("wrong_form",))
    if rule == "empty or 1":
        yield Bad(table, name, "neither empty nor 1", "2", ("not_in_list",))
    if rule.startswith("CT07"):
        yield Bad(table, name, "another form", "CT08", ("not_in_list",))
    if rule.startswith("G followed"):
        for value in ("G0", "1", "g1"):
            yield Bad(table, name, f"no package {value!r}", value, ("wrong_form",))
    if rule.startswith("4750: exactly"):
        yield Bad(table, name, "nine digits", "123456789", ("wrong_form",))


def _sized(table: str, field: dict[str, Any]) -> Iterator[Bad]:
    """Longer than the longest any source allows is refused; between the shortest and the longest it is told."""
    name = field["name"]
    if field["type"] in {"date", "moment", "date_or_moment", "loose_date"} or "list" in field or "only" in field:
        return
    opinions = [field["max"], *([field["portal_max"]] if "portal_max" in field else [])]
    limits = [limit for limit in opinions if limit is not None]
    if not limits:
        return
    fill = "1" if field["type"] != "text" else "Ệ"
    if field["type"] == "percent":
        yield Bad(table, name, "too long", "1" * (limits[0] + 1), ("too_long",))
        return
    if len(limits) == len(opinions):
        yield Bad(table, name, "too long", fill * (max(limits) + 1), ("too_long",))
    if len(set(opinions)) > 1 and "shape" not in field:
        yield _long_for_one_source(table, field, fill * (min(limits) + 1))


def _long_for_one_source(table: str, field: dict[str, Any], value: str) -> Bad:
    """A mild word, unless the same value is wrong for another reason."""
    name = field["name"]
    if name == "MA_LK":
        return Bad(table, name, "another key", value, ("episode_differs",))
    if field.get("equals_xml1"):
        return Bad(table, name, "not as in XML1", value, ("differs_from_xml1",))
    return Bad(table, name, "long for one source", value, ("too_long",), "warn")
