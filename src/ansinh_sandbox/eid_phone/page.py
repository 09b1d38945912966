"""The app's one page, as a telephone shows it: card with its code, book, payments, health book with its papers, files, what it heard. Plain HTML, no script."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import segno

_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}body{margin:0;font:17px/1.5 system-ui,sans-serif;background:#eef1f4;color:#1b2430}
main{max-width:27rem;margin:0 auto;padding:1rem}h1{font-size:1.3rem;margin:.3rem 0 1rem}h2{font-size:1.05rem;margin:0 0 .5rem}
section{background:#fff;border-radius:1rem;padding:1rem;margin:0 0 1rem;box-shadow:0 1px 3px #0002}.card{background:#8d1b1b;color:#fff}
.card dt{color:#ffe3d5}.card svg{background:#fff;border-radius:.5rem;width:9rem;height:9rem;display:block;margin:.5rem auto 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem .8rem;margin:0}dt{color:#4a5766}dd{margin:0;text-align:right;font-weight:600}
li{display:flex;justify-content:space-between;gap:1rem;padding:.4rem 0;border-top:1px solid #8883}ul{list-style:none;margin:0;padding:0}
li span+span{text-align:right}.told li{display:block}.told span{display:block}.told span+span{text-align:left;color:#4a5766}
p{margin:0}a{display:inline-block;padding:.6rem 0;color:inherit}
.new{background:#1d5fa8;color:#fff;border-radius:1rem;padding:.1rem .6rem;font-size:.8rem}.quiet{color:#4a5766}
label{display:block;font-weight:600}input,button{font:inherit;width:100%;padding:.7rem;border-radius:.6rem;border:1px solid #566}
button{background:#8d1b1b;color:#fff;border:0;margin-top:.8rem}
@media(prefers-color-scheme:dark){body{background:#12171d;color:#e8edf2}section{background:#1d252e}.quiet,dt,.told span+span{color:#a9b6c3}
.card{background:#6d1717}}
"""
_STANDING = {"paid": "đã chi trả", "on_the_way": "đang chuyển", "withheld": "tạm giữ", "came_back": "bị trả lại"}


_REFERRAL = {"issued": "còn hạn", "used": "đã dùng", "withdrawn": "đã thu hồi", "expired": "hết hạn"}
_APPOINTMENT = {"booked": "đã hẹn", "kept": "đã khám", "withdrawn": "đã hủy", "missed": "đã lỡ"}
_PAPER = {
    **{
        "discharge": "Giấy ra viện",
        "summary": "Tóm tắt bệnh án",
        "birth": "Giấy chứng sinh",
        "leave": "Giấy nghỉ việc",
    },
    **{"pregnancy_leave": "Giấy nghỉ dưỡng thai", "assessment": "Kết quả giám định", "referral": "Giấy chuyển cơ sở"},
    "appointment": "Giấy hẹn khám lại",
}
_CHANGED = {
    **{"card": "Thẻ", "book": "Sổ bảo hiểm xã hội", "payments": "Chi trả", "files": "Hồ sơ", "documents": "Giấy tờ"},
    **{"referrals": "Giấy chuyển cơ sở", "appointments": "Hẹn khám lại"},
}
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN_MAX = 6
HIDDEN = "hidden"
"""Stands for a part the citizen may not read of whom they act for."""
_WHO = {"parent": "con", "guardian": "người được giám hộ", "delegate": "người ủy quyền"}


def welcome(trouble: str = "") -> str:
    """Return the page on which a citizen of the invented nation is chosen; a real app knows who signed in."""
    said = f"<p role=alert>{escape(trouble)}</p>" if trouble else ""
    return _page(
        "Ứng dụng định danh (mô phỏng)",
        f"<section>{said}<form method=post action=/><label for=pin>Số định danh cá nhân</label>"
        "<input id=pin name=pin inputmode=numeric autocomplete=off required minlength=12 maxlength=12><button>Mở ứng dụng</button></form></section>",
    )


def home(
    told: dict[str, Any],
    changed: set[str],
    heard: Iterable[tuple[int, str]] = (),
    pin: str = "",
    back_to: str = "",
) -> str:
    """Return what the app shows of a citizen (`pin`), or of whom `back_to` acts for.

    `changed`: the parts the agency told of since they were last shown, `heard`: what it told, newest first.
    """
    hidden = [kind for kind, one in told.items() if one == HIDDEN]
    told = {kind: None if kind in hidden else one for kind, one in told.items()}
    shown = _parts(told, changed)
    parts = [text for kind, text in shown.items() if kind not in hidden]
    if back_to:
        back = f'<form method=post action=/><input type=hidden name=pin value="{escape(back_to)}"><button>Về hồ sơ của tôi</button></form>'
        return _page("Hồ sơ của người tôi làm thay", "".join(parts) + back)
    parts += [_family(told.get("family"), pin), _pushes(heard)]
    return _page("An sinh của tôi", "".join(parts) + '<p><a href="/">Người khác</a></p>')


def _parts(told: dict[str, Any], changed: set[str]) -> dict[str, str]:
    return {
        "card": _card(told.get("card"), changed),
        "book": _book(told.get("book"), changed),
        "payments": _payments(told.get("payments"), changed),
        "health": _health(told.get("health")),
        "referrals": _referrals(told.get("referrals"), changed),
        "appointments": _appointments(told.get("appointments"), changed),
        "papers": _papers(told.get("papers")),
        "files": _files(told.get("files"), changed),
        "documents": _documents(told.get("documents"), changed),
    }


def _family(family: list[dict[str, Any]] | None, pin: str) -> str:
    """Return a button for each whose parts may be read."""
    forms = [
        f'<form method=post action=/><input type=hidden name=pin value="{escape(pin)}"><input type=hidden name=for value="{escape(one["key"])}">'
        f"<button>{escape(one['full_name'])} · {_WHO[one['who']]}</button></form>"
        for one in family or []
        if {"read", "health"} & set(one["what"])
    ]
    return _section("Người tôi làm thay", "".join(forms) or "<p class=quiet>Không có ai.</p>", changed=False)


def _card(card: dict[str, Any] | None, changed: set[str]) -> str:
    if card is None:
        return _section("Thẻ bảo hiểm y tế", "<p class=quiet>Không có thẻ.</p>", "card" in changed)
    number = str(card["card_number"] or card["temporary_number"] or "")
    drawn = io.BytesIO()
    if number:
        segno.make(number, error="m", micro=False).save(
            drawn, kind="svg", border=2, omitsize=True, xmldecl=False, svgclass=None, lineclass=None, title="Mã thẻ"
        )
    lines = {
        "Họ và tên": card["full_name"],
        "Số thẻ": number,
        "Mức hưởng": f"{card['share_percent']} %",
        "Nơi đăng ký": card["facility_name"] or card["facility"],
        "Đến trước ngày": _day(card["valid_until"]),
        "Tình trạng": "đang còn hiệu lực" if card["in_force"] else "không có hiệu lực",
    }
    return _section("Thẻ bảo hiểm y tế", _lines(lines) + drawn.getvalue().decode(), "card" in changed, "card")


def _book(book: dict[str, Any] | None, changed: set[str]) -> str:
    if book is None:
        return _section("Sổ bảo hiểm xã hội", "<p class=quiet>Chưa đóng.</p>", "book" in changed)
    months = book["months"]
    lines = {"Tổng số tháng": months["total"], "Bắt buộc": months["compulsory"], "Tự nguyện": months["voluntary"]}
    return _section("Sổ bảo hiểm xã hội", _lines(lines), "book" in changed)


def _payments(payments: list[dict[str, Any]] | None, changed: set[str]) -> str:
    lines = [
        (
            f"{one['pay_month'] % 100:02}/{one['pay_month'] // 100}",
            f"{one['amount']:,} đ".replace(",", ".") + f" · {_STANDING[one['standing']]}",
        )
        for one in (payments or [])[:SHOWN_MAX]
    ]
    return _section("Chi trả", _list(lines), "payments" in changed)


def _health(book: dict[str, Any] | None) -> str:
    lines = [
        (one["facility_name"] or one["facility"], _day(one["admitted_at"]))
        for one in (book or {}).get("visits", [])[:SHOWN_MAX]
    ]
    return _section("Sổ sức khỏe", _list(lines, "told"), changed=False)


def _referrals(papers: list[dict[str, Any]] | None, changed: set[str]) -> str:
    lines = [
        (
            f"Đến {one['to_name'] or one['to'] or 'cơ sở khác'}",
            f"{_REFERRAL[one['standing']]} · đến {_day(one['valid_until'])}",
        )
        for one in (papers or [])[:SHOWN_MAX]
    ]
    return _section("Giấy chuyển cơ sở", _list(lines, "told"), "referrals" in changed)


def _appointments(papers: list[dict[str, Any]] | None, changed: set[str]) -> str:
    lines = [
        (f"{_day(one['due_on'])} · {_APPOINTMENT[one['standing']]}", one["facility_name"] or one["facility"])
        for one in (papers or [])[:SHOWN_MAX]
    ]
    return _section("Hẹn khám lại", _list(lines, "told"), "appointments" in changed)


def _papers(papers: list[dict[str, Any]] | None) -> str:
    lines = [
        (
            f"{_PAPER.get(one['kind'], 'Giấy khám chữa bệnh')} · {_day(one['issued_on'])}",
            one["facility_name"] or one["facility"],
        )
        for one in (papers or [])[:SHOWN_MAX]
    ]
    return _section("Giấy tờ khám chữa bệnh", _list(lines, "told"), changed=False)


def _files(files: list[dict[str, Any]] | None, changed: set[str]) -> str:
    lines = [(one["waits_vi"] or one["state"], _day(one["received_on"])) for one in (files or [])[:SHOWN_MAX]]
    return _section("Hồ sơ", _list(lines, "told"), "files" in changed)


def _documents(documents: list[dict[str, Any]] | None, changed: set[str]) -> str:
    lines = [(one["number"], _day(one["issued_at"])) for one in (documents or [])[:SHOWN_MAX]]
    return _section("Giấy tờ cơ quan đã cấp", _list(lines), "documents" in changed)


def _pushes(heard: Iterable[tuple[int, str]]) -> str:
    lines = [
        (f"{_CHANGED.get(what, what)} có thay đổi", f"{datetime.fromtimestamp(moment, _HERE):%d/%m/%Y %H:%M}")
        for moment, what in heard
    ]
    return _section("Tin báo đã nhận", _list(lines, "told"), changed=False)


def _day(text: str) -> str:
    """Return a day as people here write it."""
    return "/".join(reversed(text[:10].split("-")))


def _section(title: str, content: str, changed: bool, kind: str = "") -> str:
    badge = " <span class=new>mới</span>" if changed else ""
    return f'<section class="{kind}"><h2>{escape(title)}{badge}</h2>{content}</section>'


def _lines(lines: dict[str, Any]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in lines.items())
        + "</dl>"
    )


def _list(lines: list[tuple[str, str]], kind: str = "") -> str:
    if not lines:
        return "<p class=quiet>Không có gì.</p>"
    return (
        f'<ul class="{kind}">'
        + "".join(f"<li><span>{escape(one)}</span><span>{escape(other)}</span></li>" for one, other in lines)
        + "</ul>"
    )


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
