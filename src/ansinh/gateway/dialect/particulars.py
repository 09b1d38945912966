"""What a look-up names: a number, a name, a birth date and the officer who asks, read from text. Forms: the agency's appendix of 2024, section by section."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec

from ansinh.foundation.identifiers import KeyKind, plain_number
from ansinh.gateway.dialect.reading import Unreadable, read_fields

NAME_LENGTH_MAX = 100
BIRTH_YEAR_MIN, BIRTH_YEAR_MAX = 1800, 2100
BIRTHS_KEPT_MAX = 65_536
KEY_LENGTH_MAX = 40
JSON_KINDS = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})

_NAME = re.compile(r"(?:[^\W\d_]|[ '’‘ʼ.,\-\u0300-\u036f])+")
_OFFICER = re.compile(r"[0-9A-Za-z._-]{1,40}")
_BIRTH = re.compile(
    r"(?:(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})|(?P<dd>\d\d)(?P<mm>\d\d)(?P<yy>\d{4})|(?P<mo>\d{1,2})/(?P<ye>\d{4})|(?P<only>\d{4}))",
    re.ASCII,
)
# The parts of a card number may be wrong, and the answer says which; only its length and its ten digits are a matter of form.
_CARD = re.compile(r"[A-Z0-9]{5}[0-9]{10}", re.ASCII)


class WrongForm(Exception):
    """A parameter has not the form agreed; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Particulars(NamedTuple):
    """Kind of key, key, officer's number and name, holder's name, and year, month and day of birth (0: not said)."""

    kind: int
    key: str
    officer: str
    officer_name: str
    name: str
    year: int
    month: int
    day: int


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    maThe: str  # noqa: N815  # the protocol's own names
    hoTen: str  # noqa: N815
    ngaySinh: str  # noqa: N815
    hoTenCb: str  # noqa: N815
    cccdCb: str  # noqa: N815


_decode = msgspec.json.Decoder(_Request).decode


def read_lookup(body: bytes, content_type: str | None) -> Particulars:
    """Read the five fields of a card or visit look-up; raises WrongForm."""
    # Nearly every body is plain JSON with exactly these five texts, which have twenty quotation marks.
    if content_type in JSON_KINDS and body.count(b'"') == 20 and b"\\" not in body:
        try:
            asked = _decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
        else:
            return _particulars(asked.maThe, asked.hoTen, asked.ngaySinh, asked.hoTenCb, asked.cccdCb)
    fields = fields_of(body, content_type)
    return _particulars(*(_given(fields, name) for name in ("maThe", "hoTen", "ngaySinh", "hoTenCb", "cccdCb")))


def read_copayment(body: bytes, content_type: str | None) -> tuple[str, Particulars]:
    """Read user name and particulars of a co-payment look-up, which names no officer unless it wants to; raises WrongForm."""
    fields = fields_of(body, content_type)
    username = _given(fields, "username").strip()
    officer, officer_name = fields.get("cccdcb", ""), fields.get("hotencb", "")
    named = bool(officer or officer_name)
    asked = _particulars(
        _given(fields, "maThe"),
        _given(fields, "hoTen"),
        _given(fields, "ngaySinh"),
        officer_name if named else "X",
        officer if named else "X",
    )
    return username, asked if named else asked._replace(officer="", officer_name="")


def fields_of(body: bytes, content_type: str | None) -> Mapping[str, str]:
    """Read a body of any accepted kind; raises WrongForm."""
    try:
        return read_fields(body, content_type)
    except Unreadable as unreadable:
        raise WrongForm("body") from unreadable


def _given(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name.lower())
    if not value:
        raise WrongForm(name)
    return value


def _particulars(number: str, name: str, birth: str, officer_name: str, officer: str) -> Particulars:
    kind, key = _key(number)
    year, month, day = _birth(birth)
    listed = officer.strip()
    if not _OFFICER.fullmatch(listed):
        raise WrongForm("cccdCb")
    return Particulars(kind, key, listed, _name(officer_name, "hoTenCb"), _name(name, "hoTen"), year, month, day)


def _key(number: str) -> tuple[int, str]:
    if len(number) <= KEY_LENGTH_MAX:
        value = number.upper() if number.isascii() and number.isalnum() else plain_number(number)
        if value.isascii():
            length = len(value)
            if length == 12 and value.isdigit():
                return KeyKind.PIN, value
            if length == 10 and value.isdigit() and value != "0000000000":
                return KeyKind.SI_CODE, value
            # Some software sends two more characters behind the card number; they name nobody.
            if length in {15, 17} and value.isalnum() and _CARD.fullmatch(value[:15]):
                return KeyKind.CARD, value[:15]
    raise WrongForm("maThe")


def _name(text: str, field: str) -> str:
    name = " ".join(text.split())
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    if not 0 < len(name) <= NAME_LENGTH_MAX or not _NAME.fullmatch(name):
        raise WrongForm(field)
    return name.title()


@lru_cache(BIRTHS_KEPT_MAX)
def _birth(text: str) -> tuple[int, int, int]:
    found = _BIRTH.fullmatch(text.strip(" ")) if len(text) <= 20 else None
    if found is None:
        raise WrongForm("ngaySinh")
    part = found.groupdict(default="0")
    year = int(part["y"]) or int(part["yy"]) or int(part["ye"]) or int(part["only"])
    month = int(part["m"]) or int(part["mm"]) or int(part["mo"])
    day = int(part["d"]) or int(part["dd"])
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise WrongForm("ngaySinh") from error
    if not BIRTH_YEAR_MIN <= year <= BIRTH_YEAR_MAX or (day and not month) or part["mo"] in {"00"}:
        raise WrongForm("ngaySinh")
    return year, month, day
