"""Good files of every kind, of invented people, built by name and value alone: nothing here asks the platform what is good."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from xml.sax.saxutils import escape

Row = dict[str, str]

FACILITY = "01001"
OTHER_FACILITY = "79024"
FACILITIES = frozenset({FACILITY, OTHER_FACILITY, "48003"})
KEY = "01001.2025.000001"

ROOTS = {
    "XML0": ("CHI_TIEU_TRANG_THAI_KCB", "DSACH_TRANG_THAI_KCB", "TRANG_THAI_KCB"),
    "XML1": ("TONG_HOP", "", ""),
    "XML2": ("CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"),
    "XML3": ("CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT"),
    "XML4": ("CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS", "CHI_TIET_CLS"),
    "XML5": ("CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH"),
    "XML6": (
        "CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
        "DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
        "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
    ),
    "XML7": ("CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", "", ""),
    "XML8": ("CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN", "", ""),
    "XML9": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH", "DU_LIEU_GIAY_CHUNG_SINH"),
    "XML10": ("CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI", "", ""),
    "XML11": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI", "", ""),
    "XML12": ("CHI_TIEU_GIAM_DINH_YKHOA", "DSACH_GIAM_DINH_YKHOA", "GIAM_DINH_YKHOA"),
    "XML13": ("CHI_TIEU_GIAYCHUYENTUYEN", "", ""),
    "XML14": ("CHI_TIEU_GIAYHEN_KHAMLAI", "", ""),
    "XML15": ("CHI_TIEU_DIEUTRI_BENHLAO", "DSACH_CHITIET_DIEUTRI_BENHLAO", "CHITIET_DIEUTRI_BENHLAO"),
}

_ROWS = json.loads(Path(__file__).with_name("good_rows.json").read_text(encoding="utf-8"))
GOOD: dict[str, Row] = _ROWS["rows"]
"""By table a row with every field filled; `XML3 supply` is the second row of XML3."""
PAPERS: dict[str, Row] = _ROWS["papers"]
"""By electronic paper a row with what is required."""
PAPER_ROOTS = {
    "GIAYDIEUTRINOITRU": "CTGiayDieuTriNoiTru",
    "GIAYDIEUTRIVOSINH": "CTGiayDieuTriVoSinh",
    "GIAYSUCKHOEME": "CTGiaySucKhoeMe",
}

Tables = dict[str, list[Row]]


def good_tables(*codes: str) -> Tables:
    """Return good rows: XML1 to XML5 (one service, one supply), and the tables named."""
    wanted = ("XML1", "XML2", "XML3", "XML4", "XML5", *codes)
    tables = {code: [dict(GOOD[code])] for code in dict.fromkeys(wanted)}
    tables["XML3"].append(dict(GOOD["XML3 supply"]))
    return copy.deepcopy(tables)


def elements(row: Row) -> str:
    """Return a row's elements."""
    return "".join(f"<{name}>{escape(value)}</{name}>" if value else f"<{name}/>" for name, value in row.items())


def table_xml(code: str, rows: list[Row]) -> str:
    """Return a table's XML."""
    root, listed, item = ROOTS[code]
    if not item:
        return "".join(f"<{root}>{elements(row)}</{root}>" for row in rows)
    items = "".join(f"<{item}>{elements(row)}</{item}>" for row in rows)
    return f"<{root}><{listed}>{items}</{listed}></{root}>"


def encoded(xml: str) -> str:
    """Return a table as NOIDUNGFILE holds it."""
    return base64.b64encode(f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode()).decode()


def file_part(code: str, content: str) -> str:
    """Return one FILEHOSO."""
    return f"<FILEHOSO><LOAIHOSO>{code}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>"


def envelope(parts: str, root: str = "GIAMDINHHS", facility: str = FACILITY, count: str = "1") -> bytes:
    """Return a file around FILEHOSO parts of one HOSO, or around several HOSO when `parts` has them."""
    files = parts if parts.startswith("<HOSO>") else f"<HOSO>{parts}</HOSO>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><{root}><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI>'
        f"<THONGTINHOSO><NGAYLAP>20250607</NGAYLAP><SOLUONGHOSO>{count}</SOLUONGHOSO>"
        f"<DANHSACHHOSO>{files}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></{root}>"
    ).encode()


def encounter(tables: Tables) -> bytes:
    """Return an encounter file."""
    return envelope("".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in tables.items()))


def alone(code: str, rows: list[Row]) -> bytes:
    """Return a check-in or an assessment file."""
    return f'<?xml version="1.0" encoding="utf-8"?>{table_xml(code, rows)}'.encode()


def paper(code: str, row: Row) -> bytes:
    """Return a package with one electronic paper."""
    if code in {"GIAYBAOTU", "GIAYCHUNGSINH"}:
        root = "HSDLGBT" if code == "GIAYBAOTU" else "HSDLGCS"
        return f'<{root}><{code} Id="paper">{elements(row)}</{code}><CHUKYDONVI/></{root}>'.encode()
    root = PAPER_ROOTS.get(code, code)
    return envelope(file_part(code, encoded(f"<{root}>{elements(row)}</{root}>")), "HSCHUNGTU")
