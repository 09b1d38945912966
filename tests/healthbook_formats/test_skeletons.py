"""Tables read by the skeletons of their rows are read as the XML parser reads them, or left to it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.healthbook.formats.bounded_xml import Unreadable, tree
from ansinh.healthbook.formats.rows import Found, Shape, rows_of, shape
from ansinh.healthbook.formats.skeletons import rows_alike

_TEXTS = ["1", "Khám Nội", "  x ", "\n", "3 > 2", "a]]b", "[3 viên]", "'\"=", "x", "\u2028", "\x85", "\ufeff"]
_WAYS = [
    "<{0}>{1}</{0}>",
    "<{0}><![CDATA[{1}]]></{0}>",
    "<{0}/>",
    "<{0} />",
    "<{0}></{0}>",
    '<{0} a="{1}">{1}</{0}>',
    "<{0}>{1}</{0}>\r\n  ",
    "<{0}>{1}</{0}><!-- {1} -->",
    "<{0}><{0}>{1}</{0}></{0}>",
    "<{0}>&lt;{1}</{0}>",
    "<{0}>{1}\r\n</{0}>",
    "<{0}>{1}</{0}>{1}",
    "<p:{0}>{1}</p:{0}>",
    "<{0}>{1}<![CDATA[{1}]]></{0}>",
    "<{0}>{1}</{0}><?p >{1}</{0}?>",
]
_NAMES = ["MA_LK", "STT", "MA_CHI_SO", "GIA_TRI", "KET_LUAN", "stt", "TEN_LA", "CHI_TIET_CLS"]
_FIELD = st.builds(
    lambda way, name, text: way.format(name, text),
    st.sampled_from(_WAYS[:3] * 6 + _WAYS),
    st.sampled_from(_NAMES[:5] * 4 + _NAMES),
    st.sampled_from(_TEXTS[:2] * 4 + _TEXTS),
)
_ROW = st.lists(_FIELD, max_size=5).map("".join)
_LOOSE = st.sampled_from(
    ["<", ">", "/", "</", "/>", "&", "<!", "-->", "]]>", "<![CDATA[", "\0", "<CHI_TIET_CLS>", "</"]
)


def _table(rows: list[str], blank: str) -> str:
    inner = blank.join(f"<CHI_TIET_CLS>{row}</CHI_TIET_CLS>" for row in rows)
    listed = f"<DSACH_CHI_TIET_CLS>{blank}{inner}{blank}</DSACH_CHI_TIET_CLS>"
    return f"<CHITIEU_CHITIET_DICHVUCANLAMSANG>{blank}{listed}</CHITIEU_CHITIET_DICHVUCANLAMSANG>{blank}"


def _parsed(text: str, form: Shape, already: int) -> Found:
    root, notes = tree(text.encode())
    assert notes == []
    return rows_of(root, form, already)


def _same(text: str, form: Shape, already: int = 0) -> bool:
    """Hold both ways against each other; tell whether the skeletons did."""
    found = rows_alike(text, form, already)
    if found is not None:
        expected = _parsed(text, form, already)
        assert (found.rows, found.problems) == (expected.rows, expected.problems)
    return found is not None


@settings(max_examples=300)
@given(st.lists(_ROW, min_size=1, max_size=3), st.sampled_from(["", "\n", "\r\n\t"]), st.integers(0, 2))
def test_rows_however_written_are_those_of_the_parser(rows: list[str], blank: str, already: int) -> None:
    _same(_table(rows, blank), shape("XML4"), already)
    _same(f"<TONG_HOP>{blank}{rows[0]}{blank}</TONG_HOP>", shape("XML1"), already)


@settings(max_examples=300)
@given(st.lists(_ROW, min_size=1, max_size=2), st.lists(st.tuples(st.integers(0, 400), _LOOSE), max_size=3), st.data())
def test_broken_tables_are_never_read_by_skeletons(
    rows: list[str], loose: list[tuple[int, str]], data: st.DataObject
) -> None:
    text = _table(rows, "")
    for place, what in loose:
        text = text[:place] + what + text[place:]
    cut = data.draw(st.integers(0, len(text)))
    text = text[:cut] + text[cut + data.draw(st.integers(0, 3)) :]
    try:
        _same(text, shape("XML4"))
    except Unreadable as refused:
        raise AssertionError(f"read what the parser refuses ({refused.code}): {text!r}") from refused


def test_tables_as_software_writes_them_need_no_parser() -> None:
    row = "<MA_LK>1</MA_LK><STT>{}</STT><TEN_CHI_SO><![CDATA[Bạch cầu]]></TEN_CHI_SO><MO_TA></MO_TA><DU_PHONG/>"
    for blank in ("", "\n", "\r\n  "):
        assert _same(
            '<?xml version="1.0" encoding="utf-8"?>\n' + _table([row.format(1), row.format(2)], blank), shape("XML4")
        )
    assert _same("<TONG_HOP><MA_LK>1</MA_LK>\n<STT> </STT>\n</TONG_HOP>", shape("XML1"))
