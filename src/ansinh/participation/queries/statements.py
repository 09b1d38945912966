"""The contribution book told to people: as page data for screens and paper, and as a file for strangers to prove."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any

from ansinh.database.sql import row
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.money import Dong, shown
from ansinh.participation.queries.books import GAP_HELP, Book, BookLine, book, plain
from ansinh.participation.states import SCHEMES, WORK
from ansinh.participation.timeline import month_before
from ansinh.people.queries import person_as_known

TEMPLATE = Path(__file__).parents[1] / "papers" / "statement.typ"
FORMAT = "ansinh contribution book 1"
VI, EN = 0, 1

# What stands on the paper, Vietnamese and English.
WORDS: dict[str, tuple[str, str]] = {
    "country": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    "motto": ("Độc lập – Tự do – Hạnh phúc", "Independence – Freedom – Happiness"),
    "agency": ("BẢO HIỂM XÃ HỘI VIỆT NAM", "VIET NAM SOCIAL SECURITY"),
    "title": ("Quá trình đóng bảo hiểm xã hội", "Statement of social-insurance contributions"),
    "counted": ("Tổng thời gian đã đóng", "Total time contributed"),
    "name": ("Họ và tên", "Full name"),
    "born": ("Ngày sinh", "Born"),
    "sex": ("Giới tính", "Sex"),
    "pin": ("Số định danh cá nhân", "Personal identification number"),
    "si_code": ("Mã số BHXH", "Social-insurance code"),
    "by_kind": ("Tính theo từng loại", "By kind"),
    "kind": ("Loại", "Kind"),
    "time": ("Thời gian", "Time"),
    "periods": ("Các thời gian đã đóng", "Months contributed"),
    "months_of": ("Tháng", "Months"),
    "count": ("Số tháng", "Number"),
    "wage": ("Tiền lương mỗi tháng", "Monthly wage"),
    "look": ("Cần xem lại", "To look at"),
    "attested": ("Đã được xác nhận", "Confirmed"),
    "nothing": ("Chưa có tháng nào được ghi.", "No months are recorded."),
    "unemployment_too": ("có BHTN", "with unemployment insurance"),
    "page": ("Trang", "Page"),
    "help": (
        "Nếu có chỗ chưa đúng, hãy gửi đề nghị điều chỉnh kèm giấy tờ qua cổng dịch vụ công hoặc tại cơ quan BHXH gần nhất. Không mất tiền.",
        "If something is not right, ask for a correction, with papers, on the public-service portal or at the nearest office. It costs nothing.",
    ),
    "signed": (
        "Văn bản này được ký số. Chữ ký nằm trong tệp đi kèm; hướng dẫn kiểm tra có trên trang của cơ quan BHXH.",
        "This paper is signed. The signature is in the file beside it; how to prove it stands on the agency's site.",
    ),
}
_KINDS: dict[str, tuple[str, str]] = {
    "compulsory": ("BHXH bắt buộc", "Compulsory insurance"),
    "voluntary": ("BHXH tự nguyện", "Voluntary insurance"),
    "unemployment": ("Bảo hiểm thất nghiệp", "Unemployment insurance"),
    "before_2014": ("Trong đó trước năm 2014", "Of these before 2014"),
    "heavy": ("Trong đó làm việc nặng nhọc, độc hại", "Of these in heavy work"),
}
_SEXES = {"M": ("Nam", "Male"), "F": ("Nữ", "Female")}


def statement(person_id: int, known_on: date, language: str = "vi") -> dict[str, Any]:
    """Return a person's book as page data in Vietnamese or English: everything is text as people read it."""
    tongue = EN if language == "en" else VI
    known = book(person_id, known_on)
    return {
        "language": language,
        "words": {name: words[tongue] for name, words in WORDS.items()},
        "as_of": _as_of(known, known_on)[tongue],
        "person": _person(known.person_id, known_on, tongue),
        "total": years_and_months(known.totals.months)[tongue],
        "kinds": [
            {"kind": words[tongue], "time": years_and_months(getattr(known.totals, name))[tongue]}
            for name, words in _KINDS.items()
            if getattr(known.totals, name) or name == "unemployment"
        ],
        "employers": _employers(known, tongue),
        "look": [(one.en if tongue else one.vi) for one in (*known.overlaps, *known.gaps)],
        "look_help": GAP_HELP[tongue] if known.gaps else "",
        "attested": [
            f"{one.employer_name}: {('đến hết', 'through')[tongue]} {_month(month_before(one.until_month))} "
            f"({_ATTESTED[one.kind][tongue]}, {one.paper})"
            for one in known.attested
        ],
    }


_ATTESTED = {"confirmed": ("đã xác nhận", "confirmed"), "closed": ("đã chốt sổ", "closed")}


def exported(person_id: int, known_on: date) -> bytes:
    """Return a person's book as the JSON file that is signed: UTF-8, keys in order, so that the same book is the same bytes."""
    known = book(person_id, known_on)
    told = {"format": FORMAT, "person": _particulars(known.person_id, known_on), "book": plain(known)}
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def years_and_months(months: int) -> tuple[str, str]:
    """Return months as people say them: 18 năm 5 tháng."""
    years, odd = divmod(months, 12)
    vi = [f"{years} năm"] * bool(years) + [f"{odd} tháng"] * bool(odd or not years)
    en = [f"{years} year{'s' * (years != 1)}"] * bool(years) + [f"{odd} month{'s' * (odd != 1)}"] * bool(
        odd or not years
    )
    return " ".join(vi), " ".join(en)


def _as_of(known: Book, known_on: date) -> tuple[str, str]:
    last = _month(month_before(known.upto))
    return (
        f"Theo sổ ngày {known_on:%d/%m/%Y}, tính đến hết tháng {last}",
        f"As recorded on {known_on:%d/%m/%Y}, counted through {last}",
    )


def _particulars(person_id: int, known_on: date) -> dict[str, str | None]:
    at = datetime.combine(known_on, time.max, VIET_NAM)
    known = person_as_known(person_id, at)
    code = row(
        "SELECT si_code FROM people_crosswalk_v1 WHERE person_id = %s ORDER BY coded_on DESC LIMIT 1", [person_id]
    )
    fields = known.fields if known else {}
    return {name: fields.get(name) for name in ("full_name", "birth_date", "sex", "pin")} | {
        "si_code": str(code[0]) if code else None
    }


def _person(person_id: int, known_on: date, tongue: int) -> list[dict[str, str]]:
    told = _particulars(person_id, known_on)
    shown_as = {
        "name": told["full_name"],
        "born": _day(told["birth_date"]),
        "sex": _SEXES.get(told["sex"] or "", ("", ""))[tongue],
        "pin": told["pin"],
        "si_code": told["si_code"],
    }
    return [{"label": WORDS[name][tongue], "value": value} for name, value in shown_as.items() if value]


def _employers(known: Book, tongue: int) -> list[dict[str, Any]]:
    """Return the lines under their employers, in order of time; a return to an employer stands there again."""
    found = []
    for _, group in groupby(known.lines, key=lambda line: (line.employer, line.scheme)):
        lines = list(group)
        found.append(
            {
                "name": lines[0].employer_name or SCHEMES[lines[0].scheme][tongue],
                "lines": [
                    {
                        "months": _span(one, tongue),
                        "count": str(one.months),
                        "wage": shown(Dong(one.wage)),
                        "notes": ", ".join(_notes(one, tongue)),
                    }
                    for one in lines
                ],
            }
        )
    return found


def _notes(one: BookLine, tongue: int) -> list[str]:
    notes = [WORK[one.work][tongue]] if one.work != "normal" else []
    return [*notes, WORDS["unemployment_too"][tongue]] if one.unemployment else notes


def _span(one: BookLine, tongue: int) -> str:
    if one.until_month is None:
        return f"{_month(one.from_month)} – {('nay', 'now')[tongue]}"
    last = month_before(one.until_month)
    return _month(one.from_month) if last == one.from_month else f"{_month(one.from_month)} – {_month(last)}"


def _month(month: int) -> str:
    return f"{month % 100:02}/{month // 100}"


def _day(text: str | None) -> str | None:
    return "/".join(reversed(text.split("-"))) if text else None
