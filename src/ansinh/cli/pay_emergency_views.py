"""Emergencies on a terminal: their list, and the report of who was reached."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.cli.screen import counted, out, titled_table
from ansinh.places.queries import commune, provinces
from ansinh.relief.queries import EmergencyLine, ReachedLine, Report, reached
from ansinh.relief.states import WORDS, Why

CHANNELS = {
    "account": "tài khoản · account",
    "home": "tại nhà · home",
    "cash": "quầy bưu điện · counter",
}
RECALLS = {
    "confirmed": "đã xác nhận · confirmed",
    "too_late": "quá muộn · too late",
    "unknown": "chưa trả lời · no answer",
}


def show_emergencies(found: Sequence[EmergencyLine]) -> None:
    """Print the emergencies, the newest first."""
    table = titled_table(
        "Tình huống khẩn cấp · Emergencies",
        "Số · No",
        "Tên · Name",
        "Trạng thái · State",
        "Từ · From",
        "Đến trước · Until",
        "Tháng gộp · Months",
        "Tỉnh · Provinces",
        "Xã · Communes",
        "Lập · Declared",
        "Duyệt · Approved",
    )
    for one in found:
        table.add_row(
            str(one.emergency_id),
            one.name,
            one.state,
            f"{one.from_on:%d/%m/%Y}",
            f"{one.until_on:%d/%m/%Y}",
            ", ".join(map(str, one.months)),
            ", ".join(one.provinces),
            counted(one.communes),
            one.declared_by,
            one.approved_by or "",
        )
    out.print(table)


def show_report(report: Report, *, by_commune: bool = True) -> None:
    """Print who was reached and how, who was not and why; by commune or, shorter, by province."""
    one = report.emergency
    persons, amount = reached(report)
    share = 100 * persons / sum(line.persons for line in report.lines) if report.lines else 0.0
    out.print(
        f"{one.name} · {one.state} · {one.act}\n"
        f"Đến tay {counted(persons)} trên {counted(sum(line.persons for line in report.lines))} lượt người ({counted(share)} %), {counted(amount)} ₫ trên"
        f" {counted(report.amount)} ₫ · reached",
        markup=False,
    )
    _show_reached(report, by_commune=by_commune)
    _show_not_reached(report)
    _show_what_was_done(report)


def _show_reached(report: Report, *, by_commune: bool) -> None:
    names = {place.code: place.name for place in provinces()}
    table = titled_table("Đã đến tay · Reached", "Tỉnh · Province", *(["Xã · Commune"] if by_commune else []))
    for title in ("Cách chi · Channel", "Người · Persons", "Số tiền · Amount"):
        table.add_column(title, justify="left" if "Cách" in title else "right")
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in report.lines:
        if line.why == Why.REACHED:
            key = (line.province, (line.commune or "") if by_commune else "", line.channel)
            persons, amount = sums.get(key, (0, 0))
            sums[key] = (persons + line.persons, amount + line.amount)
    for (province, place, channel), (persons, amount) in sorted(sums.items()):
        where = [names.get(province, province), *([_commune(place)] if by_commune else [])]
        table.add_row(*where, CHANNELS[channel], counted(persons), counted(amount))
    out.print(table)


def _show_not_reached(report: Report) -> None:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    names = {place.code: place.name for place in provinces()}
    for line in report.lines:
        if line.why != Why.REACHED:
            key = (line.province, line.channel, _why(line))
            persons, amount = found.get(key, (0, 0))
            found[key] = (persons + line.persons, amount + line.amount)
    if not found:
        return
    table = titled_table("Chưa đến tay · Not reached", "Tỉnh · Province", "Cách chi · Channel", "Vì sao · Why")
    table.add_column("Người · Persons", justify="right")
    table.add_column("Số tiền · Amount", justify="right")
    for (province, channel, why), (persons, amount) in sorted(found.items()):
        table.add_row(names.get(province, province), CHANNELS[channel], why, counted(persons), counted(amount))
    out.print(table)


def _show_what_was_done(report: Report) -> None:
    for recall in report.recalls:
        said = RECALLS.get(recall.outcome or "", "đã yêu cầu · asked")
        out.print(f"Thu hồi danh sách {recall.message_id} ({recall.lines} dòng): {said}", markup=False)
    for one in report.diversions:
        way = "chuyển về như cũ · back" if one.back else "chuyển cách chi · diverted"
        out.print(
            f"Lần {one.diversion_no}, đợt {one.run_id}, {way}: {counted(one.to_account)} sang tài khoản, {counted(one.to_home)} tại nhà,"
            f" {counted(one.to_cash)} tại quầy · {one.done_by}",
            markup=False,
        )


def _why(line: ReachedLine) -> str:
    vi, en = WORDS[Why(line.why)]
    return f"{vi} · {en}" + (f" ({line.reason})" if line.reason else "")


def _commune(code: str) -> str:
    found = commune(code) if code else None
    return found.name if found else code
