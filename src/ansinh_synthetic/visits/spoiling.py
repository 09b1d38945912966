"""One sound file of a visit, wrong in one way at a time, or sloppy as real files are; each with what must become of it.

Written from the published tables alone. `contracts/hospital/README.md` says what each expectation means.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass

from ansinh_synthetic.visits.rendering import envelope
from ansinh_synthetic.visits.templates import HEAD

ACCEPTED, REJECTED, UNPLACED, SAME_RECEIPT, NEW_VERSION, WITHDRAWN = (
    "accepted",
    "rejected",
    "unplaced",
    "same_receipt",
    "new_version",
    "withdrawn",
)
Tables = dict[str, str]
_PART = re.compile(r"<FILEHOSO><LOAIHOSO>(\w+)</LOAIHOSO><NOIDUNGFILE>([^<]*)</NOIDUNGFILE></FILEHOSO>")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must become of a file: the outcome, and where something is wrong (table, row, field, code; empty where nothing is)."""

    outcome: str
    table: str = ""
    row: int = 0
    field: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file for a purpose; `after` names the scenario that is sent before it."""

    name: str
    words: str
    content: bytes
    expected: Expectation
    after: str = ""


def opened(content: bytes) -> tuple[str, str, Tables]:
    """Return facility, day and tables (as text) of a file."""
    text = content.decode("utf-8")
    facility = _between(text, "MACSKCB")
    return (
        facility,
        _between(text, "NGAYLAP"),
        {code: b64decode(inside).decode("utf-8") for code, inside in _PART.findall(text)},
    )


def _between(text: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]*)</{name}>", text)
    if found is None:
        raise ValueError(f"no {name}")
    return found[1]


def value(tables: Tables, table: str, field: str) -> str:
    """Return what the first row of a table says in a field."""
    found = re.search(f"<{field}>(?:<!\\[CDATA\\[)?([^<\\]]*)", tables[table])
    return found[1] if found else ""


def changed(tables: Tables, table: str, field: str, new: str, row: int = 1) -> Tables:
    """Return the tables with one field of one row written anew."""
    places = list(re.finditer(f"<{field}>.*?</{field}>|<{field}/>", tables[table], re.DOTALL))
    place = places[row - 1]
    text = tables[table]
    return tables | {table: f"{text[: place.start()]}<{field}>{new}</{field}>{text[place.end() :]}"}


Change = Callable[[Tables], Tables]


def _set(table: str, field: str, new: str, row: int = 1) -> Change:
    return lambda tables: changed(tables, table, field, new, row)


def _plus(table: str, field: str, more: int, row: int = 1) -> Change:
    def change(tables: Tables) -> Tables:
        places = re.findall(f"<{field}>([^<]*)</{field}>", tables[table])
        whole, _, rest = places[row - 1].partition(".")
        return changed(tables, table, field, f"{int(whole) + more}.{rest or '00'}", row)

    return change


def _all(field: str, new: str) -> Change:
    def change(tables: Tables) -> Tables:
        return {
            code: re.sub(f"<{field}>[^<]*</{field}>", f"<{field}>{new}</{field}>", text)
            for code, text in tables.items()
        }

    return change


# (name, words, what is changed, where it is wrong and the code it has): each is refused for exactly this.
WRONG: tuple[tuple[str, str, Change, tuple[str, int, str, str]], ...] = (
    ("wrong-type", "letters where a number belongs", _set("XML1", "THANG_QT", "sáu"), ("XML1", 1, "THANG_QT", "not_whole_number")),
    ("too-long", "a name of 300 letters", _set("XML1", "HO_TEN", "Nguyễn " * 60), ("XML1", 1, "HO_TEN", "too_long")),
    ("missing-required", "no diagnosis in words", _set("XML1", "CHAN_DOAN_RV", ""), ("XML1", 1, "CHAN_DOAN_RV", "required")),
    ("formula-off", "an amount that is not price times quantity", _plus("XML2", "THANH_TIEN_BV", 1000), ("XML2", 1, "THANH_TIEN_BV", "wrong_amount")),
    ("total-off", "a total that the lines do not make", _plus("XML1", "T_TONGCHI_BV", 5000), ("XML1", 1, "T_TONGCHI_BV", "wrong_total")),
    ("dates-out-of-order", "discharged before arriving", _set("XML1", "NGAY_RA", "202401010800"), ("XML1", 1, "NGAY_RA", "too_early")),
    ("impossible-date", "the thirtieth of February", _set("XML1", "NGAY_TTOAN", "202502300800"), ("XML1", 1, "NGAY_TTOAN", "bad_date")),
    ("unknown-icd", "a diagnosis that is in no edition", _set("XML1", "MA_BENH_CHINH", "Q999X"), ("XML1", 1, "MA_BENH_CHINH", "unknown_diagnosis")),
    ("not-in-list", "a form of care that is in no list", _set("XML1", "MA_LOAI_KCB", "77"), ("XML1", 1, "MA_LOAI_KCB", "not_in_list")),
    ("negative-amount", "an amount below zero", _set("XML3", "T_BNTT", "-1.00"), ("XML3", 1, "T_BNTT", "negative")),
    ("share-over-hundred", "a share of more than all", _set("XML2", "MUC_HUONG", "120"), ("XML2", 1, "MUC_HUONG", "out_of_range")),
    ("other-episode", "lines of another visit", _set("XML3", "MA_LK", "01001.999999.1"), ("XML3", 1, "MA_LK", "episode_differs")),
    ("foreign-facility", "a file of another facility", _set("XML1", "MA_CSKCB", "99999"), ("XML1", 1, "MA_CSKCB", "unknown_facility")),
)  # fmt: skip


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _windows_1258(text: str) -> bytes:
    """Write text as older programs do: letters with a mark of their own, tones written after them."""
    parts = []
    for letter in text:
        try:
            parts.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
            parts.append((base + "".join(mark for mark in apart if mark in _TONES)).encode("cp1258"))
    return b"".join(parts)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def sloppy(content: bytes) -> list[tuple[str, str, bytes]]:
    """Return the same visit as sloppy programs write it: (name, words, bytes); each must be accepted and say the same."""
    facility, made_on, tables = opened(content)
    text = content.decode("utf-8")
    prefixed = text
    for name in ("GIAMDINHHS", "THONGTINDONVI", "MACSKCB"):
        prefixed = prefixed.replace(f"<{name}>", f"<bh:{name}>").replace(f"</{name}>", f"</bh:{name}>")
    prefixed = prefixed.replace("<bh:GIAMDINHHS>", '<bh:GIAMDINHHS xmlns:bh="urn:example:vendor">')
    broken = re.sub(
        r"<NOIDUNGFILE>([^<]*)<",
        lambda found: "<NOIDUNGFILE>\n" + "\r\n".join(re.findall(".{1,76}", found[1])) + "\n<",
        text,
    )
    inline = re.sub(
        r"<NOIDUNGFILE>([^<]*)<", lambda found: f"<NOIDUNGFILE>{b64decode(found[1]).decode().removeprefix(HEAD)}<", text
    )
    old_letters = {
        code: b64encode(_windows_1258(inside.replace('encoding="utf-8"', 'encoding="windows-1258"'))).decode("ascii")
        for code, inside in tables.items()
    }
    in_1258 = _PART.sub(
        lambda found: (
            f"<FILEHOSO><LOAIHOSO>{found[1]}</LOAIHOSO><NOIDUNGFILE>{old_letters[found[1]]}</NOIDUNGFILE></FILEHOSO>"
        ),
        text,
    )
    apart = {code: _nfd(inside) for code, inside in tables.items()}
    commented = {code: inside.replace("<MA_LK>", "<!-- HIS --><MA_LK>", 1) for code, inside in tables.items()}
    spaced = {code: re.sub(r">(?=<[A-Z])", ">\n  ", inside) for code, inside in tables.items()}
    as_bytes = {
        "byte-order-mark": ("a byte order mark before the file", b"\xef\xbb\xbf" + content),
        "prefixes": ("namespace prefixes in the envelope", prefixed.encode()),
        "base64-lines": ("line breaks inside the base64", broken.encode()),
        "inline-tables": ("tables as they are instead of base64", inline.encode()),
        "windows-1258": ("tables in the letters of older Windows", in_1258.encode()),
        "letters-apart": ("marks written apart from their letters", envelope(facility, made_on, list(apart.items()))),
        "comments": ("comments between elements", envelope(facility, made_on, list(commented.items()))),
        "indented": ("a line for every element", envelope(facility, made_on, list(spaced.items()))),
    }
    return [(name, words, sent) for name, (words, sent) in as_bytes.items()]


def hostile(content: bytes) -> list[tuple[str, str, bytes, str]]:
    """Return what an attacker sends: (name, words, bytes, code of the refusal)."""
    text = content.decode("utf-8")
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    body = text.removeprefix(HEAD)
    bomb = f'{HEAD}<!DOCTYPE GIAMDINHHS [<!ENTITY l0 "ha">{entities}]>{body}'.replace(
        "<CHUKYDONVI/>", "<CHUKYDONVI>&l8;</CHUKYDONVI>"
    )
    outside = f'{HEAD}<!DOCTYPE GIAMDINHHS [<!ENTITY x SYSTEM "file:///etc/passwd">]>{body}'
    deep = "<a>" * 5_000 + "</a>" * 5_000
    return [
        ("entity-bomb", "entities that grow a thousandfold at every step", bomb.encode(), "dtd"),
        ("outside-entity", "an entity that names a file", outside.encode(), "dtd"),
        ("deep-nesting", "five thousand elements in one another", text.replace("<CHUKYDONVI/>", deep).encode(), "too_deep"),
        ("cut-off", "half a file", content[: len(content) // 2], "not_xml"),
        ("not-base64", "a table that is no base64", re.sub(r"<NOIDUNGFILE>.", "<NOIDUNGFILE>@", text, count=1).encode(), "not_base64"),
        ("control-character", "a NUL inside a table", _PART.sub(_with_nul, text, count=1).encode(), "control_character"),
        ("other-root", "a file of another agency", f"{HEAD}<TONKHAI><A/></TONKHAI>".encode(), "wrong_root"),
        ("empty", "no byte at all", b"", "empty_file"),
    ]  # fmt: skip


def _with_nul(found: re.Match[str]) -> str:
    inside = b64encode(b64decode(found[2]).replace(b"<MA_LK>", b"<MA_LK>\x00", 1)).decode("ascii")
    return f"<FILEHOSO><LOAIHOSO>{found[1]}</LOAIHOSO><NOIDUNGFILE>{inside}</NOIDUNGFILE></FILEHOSO>"


def scenarios(content: bytes) -> list[Scenario]:
    """Return every scenario around one sound outpatient visit that has XML1 to XML4."""
    facility, made_on, tables = opened(content)

    def sealed(changed_tables: Tables) -> bytes:
        return envelope(facility, made_on, list(changed_tables.items()))

    found = [Scenario("sound", "a sound visit", content, Expectation(ACCEPTED))]
    found += [
        Scenario(name, words, sealed(change(tables)), Expectation(REJECTED, *where))
        for name, words, change, where in WRONG
    ]
    found += [Scenario(name, words, sent, Expectation(ACCEPTED)) for name, words, sent in sloppy(content)]
    found += [
        Scenario(name, words, sent, Expectation(REJECTED, code=code)) for name, words, sent, code in hostile(content)
    ]
    episode = value(tables, "XML1", "MA_LK")

    def other(number: int) -> Tables:
        return _all("MA_LK", f"{episode[:-2]}x{number}")(tables)

    amended = changed(tables, "XML1", "GHI_CHU", "Đã sửa: hẹn khám lại sau một tuần")
    wrong_name = changed(other(1), "XML1", "HO_TEN", "Trần Thị Người Khác")
    wrong_card = changed(changed(other(2), "XML1", "MA_THE_BHYT", "DN4019999999999"), "XML1", "SO_CCCD", "001099999999")
    found += [
        Scenario("wrong-name", "the number of one person, the name of another", sealed(wrong_name), Expectation(UNPLACED)),
        Scenario("wrong-card", "numbers nobody has", sealed(wrong_card), Expectation(UNPLACED)),
        Scenario("duplicate", "the same bytes again", content, Expectation(SAME_RECEIPT), after="sound"),
        Scenario("amended", "the same visit, corrected", sealed(amended), Expectation(NEW_VERSION), after="sound"),
        Scenario("withdrawn", "the visit is taken back", b"", Expectation(WITHDRAWN), after="amended"),
    ]  # fmt: skip
    return found
