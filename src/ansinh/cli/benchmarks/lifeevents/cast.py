"""The people of the campaign, as files of a nation: pensioners who will die, who files for them, mothers to be; the register and the agency know the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

FACILITY = "01001"
PROVINCE = "01"
# People live and are born apart, as they do: the more share a commune and a birth date, the more pairs identity matching has to weigh.
_COMMUNES = (
    *("00004", "00008", "00025", "00070", "00082", "00091", "00097", "00103", "00118", "00127", "00136", "00145"),
    *("00160", "00166", "00175", "00190", "00199", "00226", "00229", "00235", "00256", "00283", "00292", "00301"),
)
_BORN_DAYS = 10
PENSION = 5_000_000
# The first month of the agency's books here; it and the next are frozen before anybody dies.
FIRST_MONTH = 202507
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_MIDDLE = {"M": ("Văn", "Đức", "Minh", "Quang"), "F": ("Thị", "Ngọc", "Thu", "Hồng")}
_GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dung",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Quý",
    "Sơn",
    "Thảo",
    "Uyên",
    "Vân",
    "Yến",
)


@dataclass(frozen=True, slots=True)
class Role:
    """People of one kind: sex, the year they were born in, and the first six digits of their numbers, which follow from both."""

    sex: str
    born: int
    digit: str

    def pin(self, number: int) -> str:
        """Return the personal number of one of them."""
        return f"001{self.digit}{self.born % 100:02d}{number:06d}"

    def name(self, number: int) -> str:
        """Return a name."""
        return f"{_FAMILY[number % 8]} {_MIDDLE[self.sex][number // 8 % 4]} {_GIVEN[number // 32 % 18]}"

    def birth_date(self, number: int) -> date:
        """Return a birth date."""
        return date(self.born, 1, 1) + timedelta(days=number * 7 % 365)


DEAD, RELATIVE, MOTHER = Role("M", 1950, "0"), Role("F", 1955, "1"), Role("F", 1995, "1")


def commune_of(number: int) -> str:
    """Return where people of this number live, and their child."""
    return _COMMUNES[number % len(_COMMUNES)]


def born_at(number: int) -> str:
    """Return when a child was born."""
    return f"2025-07-{1 + number // len(_COMMUNES) % _BORN_DAYS:02d}T10:00:00+07:00"


def child_name(number: int) -> str:
    """Return the name a child is given."""
    return f"{_FAMILY[number % 8]} {_GIVEN[number // 8 % 18]} {_GIVEN[number // 144 % 18]}"


def certificate(number: int) -> str:
    """Return the number of a birth certificate."""
    return f"{number:06d}.GCS.{FACILITY}.25"


def write_cast(folder: Path, deaths: int, births: int, last_day: date) -> None:
    """Write the nation's files: everybody lives, has a verified number to be, and of the dead to be each draws a pension and has a health card."""
    people = [
        (role, number)
        for role, count in ((DEAD, deaths), (RELATIVE, deaths), (MOTHER, births))
        for number in range(count)
    ]
    tables = {
        "register/person.parquet": pa.Table.from_pylist(list(_register(people)), _REGISTER),
        "agency/insured.parquet": pa.Table.from_pylist(list(_insured(people)), _INSURED),
        "agency/facility.parquet": pa.Table.from_pylist([_HOSPITAL]),
        "agency/coverage.parquet": pa.Table.from_pylist([_coverage(number + 1) for number in range(deaths)], _COVERAGE),
        "agency/payee.parquet": pa.Table.from_pylist([_payee(number + 1) for number in range(deaths)], _PAYEE),
    }
    files = {}
    for name, table in tables.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, file)
        files[name] = {"rows": table.num_rows, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"files": files, "last_day": last_day.isoformat()}), "utf-8")


def _register(people: list[tuple[Role, int]]) -> Iterator[dict[str, Any]]:
    for role, number in people:
        born = role.birth_date(number)
        yield {
            "pin": role.pin(number), "full_name": role.name(number), "sex": role.sex, "birth_year": born.year, "birth_month": born.month,
            "birth_day": born.day, "born_in_province": PROVINCE, "commune": commune_of(number), "province": PROVINCE, "household": number + 1,
            "ethnicity": "Kinh", "registered_on": date(2021, 1, 1),
        }  # fmt: skip


def _insured(people: list[tuple[Role, int]]) -> Iterator[dict[str, Any]]:
    for record, (role, number) in enumerate(people, 1):
        born = role.birth_date(number)
        yield {
            "record_no": record, "si_code": f"01{record:08d}", "full_name": role.name(number), "sex": role.sex, "birth_year": born.year,
            "birth_month": born.month, "birth_day": born.day, "id_number": role.pin(number), "commune": commune_of(number), "province": PROVINCE,
            "recorded_on": date(2020, 1, 1),
        }  # fmt: skip


def _coverage(record: int) -> dict[str, Any]:
    return {
        "record_no": record, "object_code": "HT", "facility": FACILITY, "card_province": PROVINCE, "valid_from": date(2025, 1, 1),
        "valid_until": date(2026, 1, 1),
    }  # fmt: skip


def _payee(record: int) -> dict[str, Any]:
    return {"record_no": record, "kind": "pension", "amount": PENSION, "from_month": FIRST_MONTH, "urban": True}


_HOSPITAL = {"code": FACILITY, "name": "Bệnh viện Thử", "level": "basic", "province": PROVINCE, "commune": _COMMUNES[0]}
_TEXT, _SMALL, _BIG, _DAY = pa.string(), pa.int16(), pa.int64(), pa.date32()
_BORN = {"birth_year": _SMALL, "birth_month": _SMALL, "birth_day": _SMALL}
_REGISTER = pa.schema(
    {
        "pin": _TEXT, "old_number": _TEXT, "full_name": _TEXT, "sex": _TEXT, **_BORN, "born_in_province": _TEXT, "commune": _TEXT,
        "province": _TEXT, "household": _BIG, "father_pin": _TEXT, "mother_pin": _TEXT, "spouse_pin": _TEXT, "ethnicity": _TEXT,
        "registered_on": _DAY, "died_on": _DAY,
    }
)  # fmt: skip
_INSURED = pa.schema(
    {
        "record_no": _BIG, "si_code": _TEXT, "full_name": _TEXT, "sex": _TEXT, **_BORN, "id_number": _TEXT, "commune": _TEXT,
        "province": _TEXT, "household": _BIG, "excluded": _TEXT, "recorded_on": _DAY,
    }
)  # fmt: skip
_COVERAGE = pa.schema(
    {
        "record_no": _BIG, "object_code": _TEXT, "area": _TEXT, "facility": _TEXT, "card_province": _TEXT, "valid_from": _DAY,
        "valid_until": _DAY, "continuous_since": _DAY,
    }
)  # fmt: skip
_PAYEE = pa.schema(
    {
        "record_no": _BIG, "kind": _TEXT, "amount": _BIG, "from_month": pa.int32(), "until_month": pa.int32(), "urban": pa.bool_(),
        "bank": _TEXT, "account": _TEXT, "account_since": pa.int32(),
    }
)  # fmt: skip
