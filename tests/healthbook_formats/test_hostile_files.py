"""What strangers may send: refused in bounded memory and time, with a sentence that says why. Nothing is ever raised."""

from __future__ import annotations

import base64
import gzip
import io
import tracemalloc
import zipfile

import pytest

from ansinh.healthbook.formats.bounded_xml import BYTES_MAX, ELEMENTS_MAX
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.good_files import (
    GOOD,
    elements,
    encoded,
    encounter,
    envelope,
    file_part,
    good_tables,
    table_xml,
)
from tests.healthbook_formats.judged import errors_of, told

MEMORY_MAX_BYTES = 200_000_000

_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;">' % (98 + n, 97 + n, 97 + n, 97 + n) for n in range(20))
    + b"]><GIAMDINHHS>&u;</GIAMDINHHS>"
)
_OUTSIDE = b'<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><GIAMDINHHS>&x;</GIAMDINHHS>'
_PARAMETER = b'<!DOCTYPE g [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]><GIAMDINHHS/>'
_BLOW_UP = b'<!DOCTYPE g [<!ENTITY a "' + b"x" * 50_000 + b'">]><GIAMDINHHS>' + b"&a;" * 50_000 + b"</GIAMDINHHS>"


def _zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def _base64(payload: bytes) -> bytes:
    return envelope(file_part("XML1", base64.b64encode(payload).decode()))


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty_file"),
    "spaces": (b"   \n ", "not_xml"),
    "billion laughs": (_LAUGHS, "dtd"),
    "outside entity": (_OUTSIDE, "dtd"),
    "parameter entity": (_PARAMETER, "dtd"),
    "quadratic blow-up": (_BLOW_UP, "dtd"),
    "billion laughs inside base64": (_base64(_LAUGHS), "dtd"),
    "outside entity inside base64": (_base64(_OUTSIDE), "dtd"),
    "entity in UTF-16": (_OUTSIDE.decode().encode("utf-16"), "dtd"),
    "unknown entity": (b"<GIAMDINHHS>&nobody;</GIAMDINHHS>", "not_xml"),
    "deep nesting": (b"<a>" * 100_000 + b"</a>" * 100_000, "too_deep"),
    "deep nesting inside base64": (_base64(b"<a>" * 5_000 + b"</a>" * 5_000), "too_deep"),
    "a million elements": (b"<GIAMDINHHS>" + b"<a/>" * (2 * ELEMENTS_MAX) + b"</GIAMDINHHS>", "too_many_elements"),
    "a million attributes": (
        b"<GIAMDINHHS " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b"/>",
        "too_many_attributes",
    ),
    "attribute twice": (b'<GIAMDINHHS a="1" a="2"/>', "not_xml"),
    "too many bytes": (b"<a>" + b"x" * BYTES_MAX + b"</a>", "too_big"),
    "huge text": (b"<GIAMDINHHS>" + b"x" * 11_000_000 + b"</GIAMDINHHS>", "too_big"),
    "NUL": (b"<GIAMDINHHS>\0</GIAMDINHHS>", "control_character"),
    "control character": (b"<GIAMDINHHS>\x01</GIAMDINHHS>", "control_character"),
    "cut off": (encounter(good_tables())[:-200], "not_xml"),
    "two roots": (b"<GIAMDINHHS/><GIAMDINHHS/>", "not_xml"),
    "JSON": (b'{"fileHS": []}', "not_xml"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><GIAMDINHHS/>', "wrong_encoding"),
    "UTF-32": ("<GIAMDINHHS/>".encode("utf-32"), "wrong_encoding"),
    "EBCDIC": ("<GIAMDINHHS/>".encode("cp037"), "not_xml"),
    "Shift-JIS": (
        '<?xml version="1.0" encoding="shift_jis"?><GIAMDINHHS>日本語</GIAMDINHHS>'.encode("shift_jis"),
        "wrong_encoding",
    ),
    "bytes of nothing": (b"<GIAMDINHHS>\xff\xfe\xfd\x80\x81</GIAMDINHHS>", "wrong_encoding"),
    "UTF-16 said, ASCII meant": (b'<?xml version="1.0" encoding="utf-16"?><GIAMDINHHS/>', "wrong_encoding"),
    "another root": (b"<html/>", "wrong_root"),
    "gzip": (gzip.compress(encounter(good_tables())), "archive_refused"),
    "zip bomb": (_zipped(("a.xml", b" " * (BYTES_MAX + 1))), "archive_too_big"),
    "zip of two": (_zipped(("a.xml", b"<a/>"), ("b.xml", b"<a/>")), "archive_refused"),
    "zip in zip": (_zipped(("a.zip", _zipped(("a.xml", b"<a/>")))), "archive_refused"),
    "zip of something else": (_zipped(("../../a.exe", b"MZ")), "archive_refused"),
    "empty zip": (_zipped(), "archive_refused"),
    "broken zip": (b"PK\x03\x04" + b"x" * 100, "archive_refused"),
    "no base64": (envelope(file_part("XML1", "%%%%")), "not_base64"),
    "base64 of rubbish": (_base64(b"\x00\x01\x02"), "control_character"),
    "zip inside base64": (_base64(_zipped(("a.xml", b"<a/>"))), "control_character or wrong_encoding"),
    "no table known": (envelope(file_part("XML99", "")), "unknown_table"),
    "no part": (envelope(""), "element_missing"),
    "nothing in the envelope": (b"<GIAMDINHHS/>", "element_missing"),
    "envelope twice": (
        b"<GIAMDINHHS><THONGTINDONVI/><THONGTINDONVI/><THONGTINHOSO/></GIAMDINHHS>",
        "element_twice",
    ),
    "field twice": (_base64(b"<TONG_HOP><MA_LK>1</MA_LK><MA_LK>2</MA_LK></TONG_HOP>"), "element_twice"),
    "elements in a field": (_base64(b"<TONG_HOP><MA_LK>1<b>2</b></MA_LK></TONG_HOP>"), "wrong_structure"),
    "another table's root": (
        _base64(b"<CHI_TIEU_GIAYHEN_KHAMLAI><MA_LK>1</MA_LK></CHI_TIEU_GIAYHEN_KHAMLAI>"),
        "wrong_structure",
    ),
    "rows of a stranger": (
        envelope(
            file_part(
                "XML2",
                "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><X/></DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>",
            )
        ),
        "wrong_structure",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_its_reason(name: str) -> None:
    raw, code = HOSTILE[name]
    errors = errors_of(raw, None)
    assert {error.code for error in errors if error.rejects} & set(code.split(" or "))
    for error in errors:
        assert error.vi
        assert error.en


@pytest.mark.parametrize(
    "name", ["billion laughs", "deep nesting", "a million elements", "huge text", "zip bomb", "a million attributes"]
)
def test_hostile_file_costs_little_memory(name: str) -> None:
    raw, _ = HOSTILE[name]
    tracemalloc.start()
    try:
        read_package(raw, None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY_MAX_BYTES


def test_wrong_kind_of_file_is_told() -> None:
    errors = errors_of(encounter(good_tables()), SubmissionKind.CHECK_IN)
    assert [error.code for error in errors] == ["wrong_root"]


def test_markup_and_control_in_names_do_not_reach_sentences_at_length() -> None:
    name = "A" * 5_000
    errors = errors_of(f"<{name}/>".encode(), None)
    assert all(len(error.en) < 400 for error in errors)


def test_many_errors_are_cut_and_refuse() -> None:
    tables = good_tables()
    tables["XML5"] = [{"STT": str(number)} for number in range(1, 1_000)]
    errors = errors_of(encounter(tables))
    assert len(errors) == 1_001
    assert errors[-1].code == "too_many_errors"
    assert errors[-1].rejects


def test_row_of_unknown_fields_is_told_but_kept() -> None:
    row = elements(GOOD["XML1"] | {"HOAN_TOAN_LA": "x"})
    rest = good_tables()
    raw = encounter(rest).decode()
    packed = base64.b64encode(f"<TONG_HOP>{row}</TONG_HOP>".encode()).decode()
    start = raw.index("<NOIDUNGFILE>") + len("<NOIDUNGFILE>")
    raw = raw[:start] + packed + raw[raw.index("</NOIDUNGFILE>") :]
    errors = errors_of(raw.encode())
    assert [(error.field, error.code, error.rejects) for error in errors] == [
        ("HOAN_TOAN_LA", "unknown_element", False)
    ]


def test_many_parts_of_strangers_are_not_read_to_the_end() -> None:
    part = file_part(
        "XML5",
        base64.b64encode(
            b"<CHITIEU_CHITIET_DIENBIENLAMSANG>" + b"<a/>" * 3_000 + b"</CHITIEU_CHITIET_DIENBIENLAMSANG>"
        ).decode(),
    )
    package = read_package(envelope(part * 150), SubmissionKind.ENCOUNTER_4750)
    assert len(package.problems) < 3_000
    assert package.problems[-1].code == "too_many_elements"


@pytest.mark.parametrize("code", ["XML2", "XML3", "XML1"])
def test_table_that_cannot_be_read_is_one_error(code: str) -> None:
    parts = [file_part(name, encoded(table_xml(name, rows))) for name, rows in good_tables().items() if name != code]
    assert told(envelope("".join(parts) + file_part(code, "%%%"))) == [(code, 0, "", "not_base64")]
    assert told(envelope("".join(parts) + file_part("XML99", "x"))) == [("GIAMDINHHS", 0, "LOAIHOSO", "unknown_table")]


def test_field_that_cannot_be_read_is_one_error() -> None:
    tables = good_tables()
    xml = table_xml("XML1", tables.pop("XML1"))
    rest = "".join(file_part(name, encoded(table_xml(name, rows))) for name, rows in tables.items())
    nested = xml.replace("<HO_TEN>", "<HO_TEN><b>x</b>")
    assert told(envelope(file_part("XML1", encoded(nested)) + rest)) == [("XML1", 1, "HO_TEN", "wrong_structure")]
    twice = xml.replace("<HO_TEN>", "<HO_TEN>Lê</HO_TEN><HO_TEN>")
    assert told(envelope(file_part("XML1", encoded(twice)) + rest)) == [("XML1", 1, "HO_TEN", "element_twice")]
