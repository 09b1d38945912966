"""What others may ask about places. Answers are frozen values; what is unknown is None or empty, never an error."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import rows
from ansinh.foundation.period import DaySpan
from ansinh.places.calendar import CalendarUnknown, WorkingCalendar

__all__ = ["CalendarUnknown", "WorkingCalendar"]


@dataclass(frozen=True)
class Province:
    """One of the 34 provinces and cities since July 2025."""

    code: str
    name: str


@dataclass(frozen=True)
class Commune:
    """A commune (xã), ward (phường, `urban`) or special zone since July 2025.

    `code` is the one people's records carry; `official_code` the one in force at the statistics office, different for about 120 communes.
    """

    code: str
    name: str
    province: str
    urban: bool
    official_code: str


@dataclass(frozen=True)
class Unit:
    """A unit of any level and time; `valid_from` empty: older than the first list kept here."""

    level: str
    code: str
    name: str
    parent: str | None
    province: str
    urban: bool
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class Successor:
    """A commune of today that took over a former one: its `part` is "whole", "people" (all of them, not all land) or "part"."""

    commune: Commune
    part: str


@dataclass(frozen=True)
class Bank:
    """A bank; `bin` is the six digits that stand for it in transfers."""

    code: str
    bin: str
    short_name: str
    name: str


@dataclass(frozen=True)
class BenefitLevel:
    """A benefit level of a card and the share of the cost that the fund pays, in per cent."""

    level: int
    share_percent: int
    ceiling: bool
    beyond_scope: bool
    vi: str
    en: str


@dataclass(frozen=True)
class ObjectCode:
    """A group of insured people and the benefit level of its cards."""

    code: str
    level: int
    vi: str
    en: str


@dataclass(frozen=True)
class Diagnosis:
    """An ICD-10 code, its parent in the tree and its English title; no Vietnamese titles are at hand."""

    code: str
    parent: str | None
    title_en: str
    leaf: bool


@dataclass(frozen=True)
class Facility:
    """A health-insurance facility."""

    code: str
    name: str
    level: str
    province: str
    commune: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class LoadedSource:
    """A set of reference data as it stands in the database."""

    name: str
    version: str
    origin: str
    sha256: str
    rows: int
    loaded_at: datetime


_COMMUNE = "SELECT code, name, province, urban, official_code FROM places_unit WHERE level = 'commune' AND edition = 'since_july_2025' AND "


def provinces() -> tuple[Province, ...]:
    """Return the provinces of today, by code."""
    found = rows(
        "SELECT code, name FROM places_unit WHERE level = 'province' AND edition = 'since_july_2025' ORDER BY code"
    )
    return tuple(Province(*row) for row in found)


def province_of_card_code(code: str) -> Province | None:
    """Return the province of today behind the two province digits of a card number or facility code; None when they name none.

    All 63 codes of before July 2025 keep resolving; the 34 of today are among them.
    """
    found = rows(
        "SELECT now.code, now.name FROM places_unit former JOIN places_unit now"
        " ON now.level = 'province' AND now.edition = 'since_july_2025' AND now.code = former.successor"
        " WHERE former.level = 'province' AND former.edition = 'before_july_2025' AND former.code = %s",
        [code],
    )
    return Province(*found[0]) if found else None


def commune(code: str) -> Commune | None:
    """Return the commune of today with this code, as records carry it or else as the statistics office does."""
    found = rows(_COMMUNE + "(code = %s OR official_code = %s) ORDER BY code = %s DESC LIMIT 1", [code, code, code])
    return Commune(*found[0]) if found else None


def is_urban(code: str) -> bool | None:
    """Tell whether the commune of today is a ward (phường); None when there is no such commune."""
    found = commune(code)
    return None if found is None else found.urban


def urban_communes() -> frozenset[str]:
    """Return the codes of all wards of today, for those who go through many people."""
    return frozenset(str(code) for (code, *_) in rows(_COMMUNE + "urban"))


def successors(former_code: str) -> tuple[Successor, ...]:
    """Return the communes of today that took over a commune of before July 2025, the one with most of it first where that is known."""
    found = rows(
        "SELECT u.code, u.name, u.province, u.urban, u.official_code, s.part FROM places_communesuccessor s JOIN places_unit u"
        " ON u.level = 'commune' AND u.edition = 'since_july_2025' AND u.code = s.after"
        " WHERE s.before = %s AND s.closed_on IS NULL ORDER BY array_position(ARRAY['whole', 'people', 'part'], s.part), u.code",
        [former_code],
    )
    return tuple(Successor(Commune(*row[:5]), str(row[5])) for row in found)


def unit(level: str, code: str, *, on: date) -> Unit | None:
    """Return the province, district or commune that had this code on the day."""
    found = rows(
        "SELECT level, code, name, parent, province, urban, valid_from, valid_until FROM places_unit WHERE level = %s AND code = %s"
        " AND (valid_from IS NULL OR valid_from <= %s) AND (valid_until IS NULL OR valid_until > %s)",
        [level, code, on, on],
    )
    return Unit(*found[0]) if found else None


def bank(code: str) -> Bank | None:
    """Return the bank with this code; closed ones keep resolving."""
    found = rows("SELECT code, bin, short_name, name FROM places_bank WHERE code = %s", [code])
    return Bank(*found[0]) if found else None


NAMED_LENGTH_MAX = 12


def banks_named(text: str) -> list[Bank]:
    """Return the open banks a person means by a BIN, a short name or a part of the name, in any letters; exactly one where it is clear."""
    wanted = _plain(text)
    if not wanted:
        return []
    every = [Bank(*one) for one in rows("SELECT code, bin, short_name, name FROM places_bank WHERE closed_on IS NULL")]
    exact = [one for one in every if wanted in {one.bin, _plain(one.short_name), _plain(one.code)}]
    near = [one for one in every if wanted in _plain(one.short_name) or wanted in _plain(one.name)]
    return exact or sorted(near, key=lambda one: one.short_name)[:NAMED_LENGTH_MAX]


def facilities_named(text: str, levels: Sequence[str], province: str | None = None) -> list[Facility]:
    """Return open facilities of these levels by code or a part of the name, in any letters; of one province, or anywhere."""
    wanted = _plain(text)
    if not wanted:
        return []
    every = rows(
        "SELECT code, name, level, province, commune, valid_from, valid_until FROM places_facility "
        "WHERE level = ANY(%s) AND valid_until IS NULL AND (%s::text IS NULL OR province = %s) ORDER BY code",
        [list(levels), province, province],
    )
    exact = [Facility(*one) for one in every if wanted == _plain(str(one[0]))]
    return exact or [Facility(*one) for one in every if wanted in _plain(str(one[1]))][:NAMED_LENGTH_MAX]


def _plain(text: str) -> str:
    """Letters and digits alone, without marks: people type names in many ways."""
    loose = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in loose if letter.isalnum())


def benefit_level(level: int) -> BenefitLevel | None:
    """Return what the third character of a card number means."""
    found = rows(
        "SELECT level, share_percent, ceiling, beyond_scope, vi, en FROM places_benefitlevel WHERE level = %s", [level]
    )
    return BenefitLevel(*found[0]) if found else None


def object_code(letters: str) -> ObjectCode | None:
    """Return the group that the first two letters of a card number name; None for letters not listed, which is no reason to reject a card."""
    found = rows("SELECT code, level, vi, en FROM places_objectcode WHERE code = %s", [letters])
    return ObjectCode(*found[0]) if found else None


def diagnosis(code: str) -> Diagnosis | None:
    """Return an ICD-10 code with its title."""
    found = rows("SELECT code, parent, title_en, leaf FROM places_diagnosis WHERE code = %s", [code])
    return Diagnosis(*found[0]) if found else None


def facility(code: str) -> Facility | None:
    """Return the facility with this code; ended ones keep resolving."""
    found = rows(
        "SELECT code, name, level, province, commune, valid_from, valid_until FROM places_facility WHERE code = %s",
        [code],
    )
    return Facility(*found[0]) if found else None


def facility_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of facilities, by code; those not known are left out."""
    found = rows("SELECT code, name FROM places_facility WHERE code = ANY(%s)", [sorted(set(codes))])
    return {str(code): str(name) for code, name in found}


def facility_codes(level: str, limit: int) -> list[str]:
    """Return the codes of facilities of a level that are open, in the order of their codes, at most `limit`."""
    found = rows(
        "SELECT code FROM places_facility WHERE level = %s AND valid_until IS NULL ORDER BY code LIMIT %s",
        [level, limit],
    )
    return [str(code) for (code,) in found]


def first_contact_near(province: str, commune: str | None, limit: int) -> list[Facility]:
    """Return open facilities of a province that take first-contact registrations (primary, basic), those of the commune first, at most `limit`."""
    found = rows(
        "SELECT code, name, level, province, commune, valid_from, valid_until FROM places_facility"
        " WHERE province = %s AND level IN ('primary', 'basic') AND valid_until IS NULL ORDER BY commune = %s DESC NULLS LAST, level DESC, code LIMIT %s",
        [province, commune or "", limit],
    )
    return [Facility(*one) for one in found]


def working_calendar() -> WorkingCalendar:
    """Return the legal working-day calendar of the loaded years; who counts many deadlines keeps it."""
    found: list[tuple[date, str]] = rows("SELECT day, kind FROM places_holiday WHERE closed_on IS NULL ORDER BY day")
    if not found:
        raise CalendarUnknown(
            "Chưa nạp lịch nghỉ lễ; chạy “ansinh places load”.", "No holidays are loaded; run “ansinh places load”."
        )
    known = DaySpan(date(found[0][0].year, 1, 1), date(found[-1][0].year + 1, 1, 1))
    worked = frozenset(day for day, kind in found if kind == "working")
    return WorkingCalendar(frozenset(day for day, _ in found) - worked, worked, known)


def is_working_day(day: date) -> bool:
    """Tell whether the State's offices work on the day; raises CalendarUnknown outside the loaded years."""
    return working_calendar().is_working_day(day)


def add_working_days(day: date, days: int) -> date:
    """Return the `days`-th working day after `day`; raises CalendarUnknown outside the loaded years."""
    return working_calendar().add_working_days(day, days)


def sources() -> tuple[LoadedSource, ...]:
    """Return what is loaded, from where, in which version, by name."""
    found = rows("SELECT name, version, origin, sha256, row_count, loaded_at FROM places_source ORDER BY name")
    return tuple(LoadedSource(*row) for row in found)
