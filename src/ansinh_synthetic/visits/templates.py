"""Tables of the hospital XML as %-templates, made once from the names in `fields.json`: what never changes is already in them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

# Elements in which free text stands; half of the hospitals' programs wrap it in CDATA.
TEXTS = frozenset(
    [
        "DIA_CHI",
        "LY_DO_VV",
        "LY_DO_VNT",
        "CHAN_DOAN_VAO",
        "CHAN_DOAN_RV",
        "PP_DIEU_TRI",
        "GHI_CHU",
        "TEN_THUOC",
        "LIEU_DUNG",
        "CACH_DUNG",
        "TEN_DICH_VU",
        "TEN_VAT_TU",
        "TEN_CHI_SO",
        "MO_TA",
        "KET_LUAN",
        "DIEN_BIEN_LS",
        "QT_BENHLY",
        "TOMTAT_KQ",
        "PP_DIEUTRI",
        "DAU_HIEU_LS",
        "HUONG_DIEU_TRI",
        "DON_VI",
    ]
)
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@cache
def _tables() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "fields.json").read_text(encoding="utf-8"))


def fields(table: str) -> list[str]:
    """Return the names of a table's elements in order."""
    return str(_tables()[table]["fields"]).split()


def path(table: str) -> list[str]:
    """Return the elements around a table's fields, outermost first."""
    return list(_tables()[table]["path"])


def item(table: str, fixed: dict[str, str], said: set[str], *, cdata: bool = False) -> str:
    """Return one item of a table with `%(NAME)s` for what is `said` each time, `fixed` values in place, and empty elements for the rest."""
    strange = (set(fixed) | said) - set(fields(table))
    if strange:
        raise ValueError(f"{table} has no {', '.join(sorted(strange))}")
    parts = []
    for name in fields(table):
        if name in said:
            value = f"%({name})s"
        elif fixed.get(name):
            value = fixed[name].replace("%", "%%")
        else:
            parts.append(f"<{name}/>")
            continue
        if cdata and name in TEXTS:
            value = f"<![CDATA[{value}]]>"
        parts.append(f"<{name}>{value}</{name}>")
    inside = "".join(parts)
    around = path(table)
    return f"<{around[-1]}>{inside}</{around[-1]}>"


def table(code: str, items: str) -> str:
    """Return a whole table from its items."""
    around = path(code)[:-1]
    opened = "".join(f"<{name}>" for name in around)
    closed = "".join(f"</{name}>" for name in reversed(around))
    return f"{HEAD}{opened}{items}{closed}"
