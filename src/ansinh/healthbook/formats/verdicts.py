"""What is wrong with one value of one field, looked at alone: type, size, list, form. One cause, one finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.diagnoses import is_diagnosis
from ansinh.healthbook.formats.line_errors import Severity
from ansinh.healthbook.formats.package import Decision
from ansinh.healthbook.formats.tables import FieldDescription

# Answers kept per field: codes, dates and amounts repeat; the bound keeps memory and what is remembered of persons small.
_KEPT_MAX = 4_096
_LONG = 1 << 40
# Ten thousand billion đồng: the book's amounts have thirteen digits before the point.
_WHOLE_DIGITS_MAX = 13

_NUMBER = re.compile(r"(-?)[0-9]+(?:\.([0-9]+))?")
_YEAR_LEAST, _YEAR_MOST = 1850, 2999
_DATE_FORMS = {
    "date": "yyyyMMdd",
    "moment": "yyyyMMddHHmm",
    "date_or_moment": "yyyyMMdd | yyyyMMddHHmm",
    "loose_date": "yyyy | yyyyMMdd | yyyyMMddHHmm | yyyyMMddHHmmss | dd/MM/yyyy",
}
_DATE_LENGTHS = {"date": (8,), "moment": (12,), "date_or_moment": (8, 12), "loose_date": (4, 6, 8, 12, 14)}
# Who names an older decision is told of a newer one's form; of others both are taken, since the text of 3176 was not seen.
_DATES_OF_EITHER_AGE = {None, Decision.QD_3176}
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a code of the catalogue, its values, and how grave it is."""

    code: str
    values: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.REJECT


Look = Callable[[str], Finding | None]


class Verdicts(dict[str, Finding | None]):
    """By value of a field what is wrong with it; worked out when first asked, then remembered within a bound."""

    __slots__ = ("_look",)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, value: str) -> Finding | None:
        finding = self._look(value)
        if len(self) >= _KEPT_MAX:
            self.clear()
        self[value] = finding
        return finding


@dataclass(frozen=True, slots=True)
class Form:
    """A form of values that a rule states."""

    pattern: re.Pattern[str]
    vi: str
    en: str
    severity: Severity = Severity.REJECT


FORMS = {
    "identity_number": Form(
        re.compile(r"[0-9]{9}|[0-9]{12}|[A-Z][0-9]{7}"),
        "9 hoặc 12 chữ số, hoặc một chữ cái in hoa và 7 chữ số",
        "9 or 12 digits, or one capital letter and 7 digits",
    ),
    "social_insurance_number": Form(
        re.compile(r"(?!0+$)[0-9]+"), "các chữ số, không toàn số 0", "digits, not all of them zeros"
    ),
    "supply_package": Form(re.compile(r"G[1-9][0-9]{0,2}"), "G và số từ 1 đến 999", "G and a number from 1 to 999"),
    "ten_digits": Form(re.compile(r"[0-9]{10}"), "đúng 10 chữ số", "exactly 10 digits"),
    "facility": Form(re.compile(r"[0-9A-Z]{5}"), "mã cơ sở 5 ký tự", "a facility code of 5 characters"),
    "card": Form(
        re.compile(r"[A-Z]{2}[1-5][0-9]{12}"),
        "số thẻ BHYT 15 ký tự: 2 chữ, 1 mức hưởng, 12 số",
        "a card number of 15 characters: 2 letters, benefit level, 12 digits",
        Severity.WARN,
    ),
    "weight": Form(
        re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?"),
        "số kg, dấu chấm thập phân, tối đa 2 số lẻ",
        "kilograms with a decimal point and at most two decimals",
        Severity.WARN,
    ),
}
_CARD_LENGTH = 15
_TIMES = frozenset(f"{hour:02}{minute:02}" for hour in range(24) for minute in range(60))


def look_of(field: FieldDescription, decision: Decision | None) -> Look | None:
    """Return what looks at values of a field; None when only their length matters."""
    told = field.told
    looks: list[Look] = []
    if field.type in {"integer", "percent", "decimal"}:
        looks.append(_number(field))
    elif field.type in _DATE_FORMS:
        looks.append(_each(_day(field, decision), field.separator))
    if "list" in told:
        looks.append(_each(_listed(told["list"]), field.separator))
    if "only" in told:
        looks.append(_only(frozenset(told["only"])))
    if not looks and not {"shape", "values_max"} & told.keys():
        return None
    if field.type not in _DATE_FORMS:
        looks.append(length_look(field))
    if field.type == "decimal":
        looks.append(_decimals(field))
    if "values_max" in told:
        looks.append(_counted(told["values_max"], field.separator))
    shaped = _shaped(field, decision)
    if shaped:
        looks.append(shaped)
    return _first(looks)


def length_look(field: FieldDescription) -> Look:
    """Return what looks at lengths: longer than every source allows is refused, longer than one allows is told."""
    longest = _LONG if field.longest is None else field.longest
    long = _LONG if field.long is None else field.long

    def look(value: str) -> Finding | None:
        size = len(value)
        if size <= long:
            return None
        limit, severity = (longest, Severity.REJECT) if size > longest else (long, Severity.WARN)
        return Finding("too_long", (("length", str(size)), ("limit", str(limit))), severity)

    return look


def _first(looks: list[Look]) -> Look:
    """Return the first finding that rejects, else the first of all: one cause has one finding."""

    def look(value: str) -> Finding | None:
        milder: Finding | None = None
        for one in looks:
            found = one(value)
            if found is not None:
                if found.severity is Severity.REJECT:
                    return found
                milder = milder or found
        return milder

    return look


def _each(one: Look, separator: str) -> Look:
    if not separator:
        return one
    parts = _first([one])

    def look(value: str) -> Finding | None:
        milder: Finding | None = None
        for part in value.split(separator):
            found = parts(part.strip()) if part.strip() else None
            if found is not None:
                if found.severity is Severity.REJECT:
                    return found
                milder = milder or found
        return milder

    return look


def _number(field: FieldDescription) -> Look:
    told = field.told
    least, most = (0, 100) if field.type == "percent" else (told.get("least", 0), told.get("most"))
    ranged = Finding("out_of_range", (("least", str(least)), ("most", str(most))))
    digits_max = field.longest or 18
    too_large = Finding("out_of_range", (("least", "0"), ("most", "9" * _WHOLE_DIGITS_MAX)))

    def whole(value: str) -> Finding | None:
        if not (value.isascii() and value.isdigit()):
            return Finding("not_whole_number")
        if most is not None and len(value) <= digits_max and not least <= int(value) <= most:
            return ranged
        return None

    def decimal(value: str) -> Finding | None:
        found = _NUMBER.fullmatch(value)
        if not found or not value.isascii():
            return Finding("not_number")
        if found[1]:
            return Finding("negative")
        # What is longer than the field is told as that.
        fits = len(value) > digits_max or len(value.partition(".")[0].lstrip("0")) <= _WHOLE_DIGITS_MAX
        return None if fits else too_large

    return decimal if field.type == "decimal" else whole


def _decimals(field: FieldDescription) -> Look:
    scale = int(field.told["scale"])
    finding = Finding("too_many_decimals", (("limit", str(scale)),))
    return lambda value: finding if len(value.partition(".")[2]) > scale else None


def _listed(name: str) -> Look:
    codes = frozenset(tables.code_lists()[name]["values"])
    finding = Finding("not_in_list", (("list", name),))
    return lambda value: None if value in codes else finding


def _only(codes: frozenset[str]) -> Look:
    finding = Finding("not_in_list", (("list", ", ".join(sorted(codes))),))
    return lambda value: None if value in codes else finding


def _counted(limit: int, separator: str) -> Look:
    finding = Finding("too_many_values", (("limit", str(limit)),))
    return lambda value: finding if len([part for part in value.split(separator) if part.strip()]) > limit else None


def _shaped(field: FieldDescription, decision: Decision | None) -> Look | None:
    shape = field.told.get("shape", "")
    if shape == "icd10":
        unknown = Finding("unknown_diagnosis")
        return _each(lambda value: None if is_diagnosis(value) else unknown, field.separator)
    if shape == "ten_digits_before_3176":
        if decision is Decision.QD_3176:
            return None
        return _form(FORMS["ten_digits"], None if decision else Severity.WARN)
    if shape not in FORMS:
        return None
    look = _form(FORMS[shape], None)
    if shape == "card":
        look = _first([_card_length, look])
    separator = ";" if shape == "identity_number" and field.longest is None else field.separator
    return _each(look, separator)


def _card_length(value: str) -> Finding | None:
    if len(value) <= _CARD_LENGTH:
        return None
    return Finding("too_long", (("length", str(len(value))), ("limit", str(_CARD_LENGTH))))


def _form(form: Form, severity: Severity | None) -> Look:
    finding = Finding("wrong_form", (("form_vi", form.vi), ("form_en", form.en)), severity or form.severity)
    return lambda value: None if form.pattern.fullmatch(value) else finding


def _day(field: FieldDescription, decision: Decision | None) -> Look:
    bad = Finding("bad_date", (("format", _DATE_FORMS[field.type]),))
    lengths = _DATE_LENGTHS[field.type]
    other = Finding("other_date_form", (("format", _DATE_FORMS[field.type]),), Severity.WARN)
    either = (8, 12) if "decision_3176" in field.told and "type" in field.told["decision_3176"] else ()
    if either and decision in _DATES_OF_EITHER_AGE:
        lengths = either
    birth = bool(field.told.get("birth")) or field.type == "loose_date"

    plain = frozenset({8, 12} & set(lengths))

    def look(value: str) -> Finding | None:
        if len(value) in plain and _is_known_day(value[:8]) and (len(value) == 8 or value[8:] in _TIMES):
            return None
        if field.type == "loose_date" and (found := _SLASHED.fullmatch(value)):
            value = f"{found[3]}{found[2]:0>2}{found[1]:0>2}"
        if len(value) not in lengths:
            if len(value) in either and _is_day(value, birth):
                return other
            return bad
        if _is_day(value, birth):
            return None
        if birth and value[6:8] == "00" and _is_day(value[:6] + "01" + value[8:], birth):
            return Finding("birth_day_unknown", (), Severity.WARN)
        return bad

    return look


@lru_cache(_KEPT_MAX)
def _is_known_day(day: str) -> bool:
    """Tell whether eight digits are a day of the calendar; a moment is new each time, its day is not."""
    return _is_day(day, birth=False)


def _is_day(value: str, birth: bool) -> bool:
    """Tell whether digits of a date, or of a date and a time, are of the calendar; births may have 0000 for an unknown day."""
    if not (value.isascii() and value.isdigit()):
        return False
    year = int(value[:4])
    if not _YEAR_LEAST <= year <= _YEAR_MOST:
        return False
    hour, minute, second = value[8:10] or "0", value[10:12] or "0", value[12:14] or "0"
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return False
    month, day = value[4:6] or "00", value[6:8] or "00"
    if birth and (month == "00" or len(value) == 6) and day == "00":
        return int(month) <= 12
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True
