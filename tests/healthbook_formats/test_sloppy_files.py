"""What real software writes: taken as it was meant, and told when something had to be changed."""

from __future__ import annotations

import base64
import io
import textwrap
import unicodedata
import zipfile
from collections.abc import Callable

import pytest

from ansinh.healthbook.formats.package import Decision
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.good_files import (
    GOOD,
    PAPERS,
    ROOTS,
    alone,
    elements,
    encoded,
    encounter,
    envelope,
    file_part,
    good_tables,
    paper,
    table_xml,
)
from tests.healthbook_formats.judged import errors_of, told


def _packed(change: Callable[[str], bytes | str]) -> bytes:
    """Return a good encounter of which every table was changed before it was packed."""
    parts = []
    for code, rows in good_tables("XML7", "XML14").items():
        changed = change(table_xml(code, rows))
        content = changed.encode() if isinstance(changed, str) else changed
        parts.append(file_part(code, base64.b64encode(content).decode()))
    return envelope("".join(parts))


def _in_cdata(xml: str) -> str:
    for name in ("HO_TEN", "DIA_CHI", "CHAN_DOAN_RV", "DIEN_BIEN_LS"):
        xml = xml.replace(f"<{name}>", f"<{name}><![CDATA[").replace(f"</{name}>", f"]]></{name}>")
    return xml


def _prefixed(xml: str, declared: bool = True) -> str:
    xml = xml.replace("</", "\0").replace("<", "<ns1:").replace("\0", "</ns1:")
    return xml.replace(">", ' xmlns:ns1="http://tempuri.org/">', 1) if declared else xml


def _upside_down(xml: str) -> str:
    for code in ("XML1", "XML7", "XML14"):
        row = elements(GOOD[code])
        if row in xml:
            return xml.replace(row, elements(dict(reversed(GOOD[code].items()))))
    return xml


QUIET: dict[str, Callable[[str], bytes | str]] = {
    "as it is": lambda xml: xml,
    "CDATA": _in_cdata,
    "byte-order mark": lambda xml: b"\xef\xbb\xbf" + xml.encode(),
    "pretty": lambda xml: xml.replace("><", ">\n\t<"),
    "spaces around values": lambda xml: xml.replace("</HO_TEN>", " \n</HO_TEN>"),
    "comments and instructions": lambda xml: "<!-- a --><?b c?>" + xml.replace("</MA_LK>", "<!-- d --></MA_LK>"),
    "namespace as default": lambda xml: xml.replace(
        ">", ' xmlns="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">', 1
    ),
    "namespace prefixes": _prefixed,
    "another order": _upside_down,
    "character references": lambda xml: "".join(c if c.isascii() else f"&#{ord(c)};" for c in xml),
    "upper-case declaration": lambda xml: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n{xml}',
    "plain ASCII under another label": lambda xml: (
        '<?xml version="1.0" encoding="windows-1258"?>' + "".join(c if c.isascii() else f"&#{ord(c)};" for c in xml)
    ),
}
TOLD: dict[str, tuple[Callable[[str], bytes | str], str]] = {
    "Windows-1258, said so": (
        lambda xml: ('<?xml version="1.0" encoding="windows-1258"?>' + _vietnamese(xml)).encode("cp1258"),
        "encoding_changed",
    ),
    "Windows-1258, said to be UTF-8": (
        lambda xml: ('<?xml version="1.0" encoding="utf-8"?>' + _vietnamese(xml)).encode("cp1258"),
        "encoding_changed",
    ),
    "UTF-8, said to be Windows-1258": (
        lambda xml: f'<?xml version="1.0" encoding="windows-1258"?>{xml}'.encode(),
        "encoding_changed",
    ),
    "UTF-16": (lambda xml: f'<?xml version="1.0" encoding="utf-16"?>{xml}'.encode("utf-16"), "encoding_changed"),
    "marks apart": (lambda xml: unicodedata.normalize("NFD", xml), "accents_joined"),
    "prefixes nobody declared": (lambda xml: _prefixed(xml, declared=False), "spelling_changed"),
    "names in small letters": (
        lambda xml: xml.replace("HO_TEN>", "Ho_Ten>").replace("MA_LK>", "ma_lk>"),
        "spelling_changed",
    ),
}


def _vietnamese(xml: str) -> str:
    """Write text the way Windows-1258 holds it: some letters whole, marks apart."""
    whole = "ăâđêôơưĂÂĐÊÔƠƯ"
    written = []
    for letter in unicodedata.normalize("NFC", xml):
        apart = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", apart[:2])
        if base in whole:
            written.append(base + apart[2:])
        else:
            tone = [mark for mark in apart[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize("NFC", "".join(c for c in apart if c not in tone))
            written.append(rest + "".join(tone))
    return "".join(written)


@pytest.mark.parametrize("name", QUIET)
def test_sloppy_table_is_taken_silently(name: str) -> None:
    raw = _packed(QUIET[name])
    assert not errors_of(raw)
    assert read_package(raw).episodes == read_package(_packed(QUIET["as it is"])).episodes


@pytest.mark.parametrize("name", TOLD)
def test_changed_table_is_taken_and_told(name: str) -> None:
    change, code = TOLD[name]
    raw = _packed(change)
    errors = errors_of(raw)
    assert {error.code for error in errors} == {code}
    assert not any(error.rejects for error in errors)
    assert read_package(raw).episodes == read_package(_packed(QUIET["as it is"])).episodes


def test_base64_with_line_breaks_and_spaces() -> None:
    parts = "".join(
        file_part(code, "\n  " + "\r\n".join(textwrap.wrap(encoded(table_xml(code, rows)), 76)) + "\n")
        for code, rows in good_tables().items()
    )
    assert not errors_of(envelope(parts))


def test_table_inline_and_in_cdata_instead_of_base64() -> None:
    tables = good_tables()
    inline = "".join(file_part(code, table_xml(code, rows)) for code, rows in tables.items())
    in_cdata = "".join(file_part(code, f"<![CDATA[{table_xml(code, rows)}]]>") for code, rows in tables.items())
    assert not errors_of(envelope(inline))
    assert not errors_of(envelope(in_cdata))


def test_empty_optional_tables_are_passed_over() -> None:
    parts = "".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in good_tables().items())
    errors = errors_of(envelope(parts + file_part("XML9", "") + "<FILEHOSO><LOAIHOSO>XML10</LOAIHOSO></FILEHOSO>"))
    assert [(error.table, error.code, error.rejects) for error in errors] == [
        ("XML9", "content_empty", False),
        ("XML10", "content_empty", False),
    ]
    empty = file_part("XML5", encoded(table_xml("XML5", [])))
    without = "".join(
        file_part(code, encoded(table_xml(code, rows))) for code, rows in good_tables().items() if code != "XML5"
    )
    assert [(error.code, error.rejects) for error in errors_of(envelope(without + empty))] == [("rows_missing", False)]


def test_several_encounters_in_one_file_are_told_apart() -> None:
    files = []
    for number in (1, 2, 3):
        tables = good_tables()
        for rows in tables.values():
            for row in rows:
                row["MA_LK"] = f"K{number}"
        if number == 2:
            tables["XML4"][0]["TEN_CHI_SO"] = ""
        parts = "".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in tables.items())
        files.append(f"<HOSO>{parts}</HOSO>")
    raw = envelope("".join(files), count="3")
    assert [episode.key for episode in read_package(raw).episodes] == ["K1", "K2", "K3"]
    assert [(error.episode, error.table, error.field, error.code) for error in errors_of(raw)] == [
        (2, "XML4", "TEN_CHI_SO", "required")
    ]


def test_rows_in_two_parts_go_on_counting() -> None:
    tables = good_tables()
    first, second = tables.pop("XML3")
    second["DON_VI_TINH"] = ""
    parts = "".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in tables.items())
    for row in (first, second):
        parts += file_part("XML3", encoded(table_xml("XML3", [row])))
    assert told(envelope(parts)) == [("XML3", 2, "DON_VI_TINH", "required")]


def test_twins_have_two_discharge_papers() -> None:
    tables = good_tables("XML7")
    parts = "".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in tables.items())
    parts += file_part("XML7", encoded(table_xml("XML7", tables["XML7"])))
    assert not errors_of(envelope(parts))


def test_assessment_in_its_other_spelling() -> None:
    xml = table_xml("XML12", [GOOD["XML12"]]).replace("GIAM_DINH_YKHOA", "GIAM_DINH_Y_KHOA")
    assert not errors_of(xml.encode(), SubmissionKind.ASSESSMENT)
    package = read_package(xml.encode())
    assert package.kind is SubmissionKind.ASSESSMENT
    assert package.episodes[0].rows("XML12") == [GOOD["XML12"]]


def test_name_of_the_diagnosis_in_its_other_spelling() -> None:
    row = dict(PAPERS["CT03"])
    row["TENBENHICD10"] = row.pop("TENBENHNICD10")
    raw = paper("CT03", row)
    assert not errors_of(raw, SubmissionKind.PAPERS)
    assert read_package(raw).episodes[0].rows("CT03") == [PAPERS["CT03"]]


def test_check_in_with_signature_beside_its_list() -> None:
    raw = alone("XML0", [GOOD["XML0"]]).replace(
        b"</CHI_TIEU_TRANG_THAI_KCB>", b"<CHUKYDONVI>x</CHUKYDONVI></CHI_TIEU_TRANG_THAI_KCB>"
    )
    package = read_package(raw, SubmissionKind.CHECK_IN)
    assert package.signature
    assert package.readable


@pytest.mark.parametrize("kind", [SubmissionKind.OLD_ENCOUNTER, None])
def test_shape_of_2017_is_read(kind: SubmissionKind | None) -> None:
    summary = {
        "MA_LK": "K1",
        "STT": "1",
        "HO_TEN": "Lê Văn Cũ",
        "MA_THE": "DN4010123456789",
        "MA_LYDO_VVIEN": "1",
        "MA_CSKCB": "01001",
    }
    drug = {"MA_LK": "K1", "STT": "1", "TYLE_TT": "100", "T_NGUON_KHAC": "0"}
    parts = file_part("XML1", encoded(f"<TONG_HOP>{elements(summary)}</TONG_HOP>"))
    listed, item = ROOTS["XML2"][1:]
    parts += file_part("XML2", encoded(f"<{listed}><{item}>{elements(drug)}</{item}></{listed}>"))
    raw = envelope(parts)
    package = read_package(raw, kind)
    assert package.decision is Decision.QD_4210
    assert package.episodes[0].tables == {"XML1": [summary], "XML2": [drug]}
    assert not errors_of(raw, kind)


def test_zip_with_one_file_is_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hoso.XML", encounter(good_tables()))
    assert not errors_of(buffer.getvalue())
