"""What the counter of a hospital writes down of a patient: from the citizen card, the insurance card and what is asked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

from ansinh_synthetic.visits.billing import LEVEL_OF

_PEOPLES = {
    "Kinh": "01", "Tày": "02", "Thái": "03", "Hoa": "04", "Khmer": "05", "Mường": "06", "Nùng": "07", "Mông": "08", "Dao": "09", "Gia Rai": "10",
    "Ê Đê": "12", "Ba Na": "13", "Xơ Đăng": "14", "Sán Chay": "15", "Cơ Ho": "16", "Chăm": "17", "Sán Dìu": "18", "Hrê": "19", "Bru - Vân Kiều": "25",
    "Cơ Tu": "26",
}  # fmt: skip
_MERGER = "202507"
_WEIGHTS = (12, 34, 58, 60, 55)
_BLOODS = ("O", "B", "A", "AB", "", "", "")
_EPOCH = date(1970, 1, 1)


@cache
def _names() -> dict[str, str]:
    """Names of provinces (2 digits) and communes (5 digits) of today, as they may stand in XML."""
    found = {}
    for province in json.loads(Path(NESTED_DIVISIONS_JSON_PATH).read_text(encoding="utf-8")):
        found[f"{int(province['code']):02d}"] = escape(province["name"])
        for ward in province["wards"]:
            found[f"{int(ward['code']):05d}"] = escape(ward["name"])
    return found


def moment(minutes: int) -> str:
    """Write minutes since 1970 as the XML does, yyyyMMddHHmm."""
    days, rest = divmod(minutes, 1440)
    return f"{iso_day(days)}{rest // 60:02d}{rest % 60:02d}"


@cache
def iso_day(days: int) -> str:
    """Write a day as yyyyMMdd."""
    return (_EPOCH + timedelta(days)).strftime("%Y%m%d")


def card_number(row: dict[str, Any]) -> str:
    """Return the number that stands on the card: object code, level, province, social-insurance number."""
    code = str(row["object_code"])
    return f"{code}{LEVEL_OF[code]}{row['card_province']}{row['si_code']}"


def five_years_on(row: dict[str, Any]) -> str:
    """Return the day five continuous years are reached, as a card tells it."""
    since: date = row["continuous_since"] or row["valid_from"]
    day = 28 if (since.month, since.day) == (2, 29) else since.day
    return f"{since.year + 5:04d}{since.month:02d}{day:02d}"


def identify(row: dict[str, Any], band: int, luck: int, admitted: str) -> dict[str, str]:
    """Return the elements of XML0 and XML1 that say who came. Districts ended in July 2025 and are left empty since."""
    weight = _WEIGHTS[band] * 100 + luck % 1600 - (800 if band else 400)
    if band == 0:
        weight = 350 + luck % 1500
    last = row["valid_until"] - timedelta(1)
    names = _names()
    commune, province = str(row["commune"]), str(row["province"])
    grown = band > 1
    return {
        "MA_BN": f"{int(row['record_no']):010d}",
        "HO_TEN": escape(row["full_name"]),
        "SO_CCCD": row["pin"],
        "NGAY_SINH": f"{row['birth_year']}{row['birth_month'] or 0:02d}{row['birth_day'] or 0:02d}0000",
        "GIOI_TINH": "1" if row["sex"] == "M" else "2",
        "NHOM_MAU": _BLOODS[int(row["record_no"]) % 7],
        "MA_DANTOC": _PEOPLES.get(row["ethnicity"], "55"),
        "MA_NGHE_NGHIEP": "00000" if not grown else "83000" if row["employer"] else "90000",
        "DIA_CHI": f"Số {int(row['record_no']) % 300 + 1}, {names.get(commune, commune)}, {names.get(province, province)}",
        "MATINH_CU_TRU": province,
        "MAHUYEN_CU_TRU": "" if admitted >= _MERGER else f"{int(commune) // 33 % 1000:03d}",
        "MAXA_CU_TRU": commune,
        "DIEN_THOAI": f"09000{int(row['record_no']) % 100_000:05d}",
        "MA_THE_BHYT": card_number(row),
        "MA_DKBD": row["facility"],
        "GT_THE_TU": row["valid_from"].strftime("%Y%m%d"),
        "GT_THE_DEN": last.strftime("%Y%m%d"),
        "MA_KHUVUC": row["area"] or "",
        "CAN_NANG": f"{weight // 100}.{weight % 100:02d}",
        "NAM_NAM_LIEN_TUC": five_years_on(row),
    }
