"""Files, decisions and simulations as people read them in a terminal: sentences with their articles, facts with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.table import Table

from ansinh.benefits.file_states import FILE_KINDS, FILE_STATES, FileKind, FileState
from ansinh.benefits.queries import AlertLine, Deadline, DecisionKept, File, PauseLine, Simulated
from ansinh.cli.rules import Language
from ansinh.cli.screen import counted, out
from ansinh.foundation.money import Dong, shown

AWARD_WORDS = {
    "pension": "lương hưu hằng tháng",
    "retirement_extra": "trợ cấp một lần khi nghỉ hưu",
    "one_off_withdrawal": "bảo hiểm xã hội một lần",
    "funeral": "trợ cấp mai táng",
    "survivor": "trợ cấp tuất hằng tháng",
    "survivor_one_off": "trợ cấp tuất một lần",
    "unemployment": "trợ cấp thất nghiệp hằng tháng",
    "social_pension": "trợ cấp hưu trí xã hội hằng tháng",
    "bridge": "trợ cấp hằng tháng",
}
ONCE = {"retirement_extra", "one_off_withdrawal", "funeral", "survivor_one_off"}
_ALERTS = {"near": "sắp đến hạn", "late": "quá hạn", "unanswered": "chưa trả lời"}


def files_table(found: Sequence[File], today: date) -> Table:
    """Return files with their last days."""
    table = Table(title="Hồ sơ đề nghị hưởng · Files", title_justify="left")
    for name in ("Số · no", "Loại · kind", "Người · person", "Trạng thái · state", "Nhận · received", "Hạn · due", "Thiếu · missing"):  # fmt: skip
        table.add_column(name, overflow="fold")
    for one in found:
        due = _day(one.due_on) if one.due_on else "chưa rõ hạn"
        late = one.due_on is not None and one.due_on < today and one.closed_on is None
        table.add_row(
            str(one.application_id),
            FILE_KINDS[one.kind][0],
            f"#{one.person_id}" + (f" (#{one.insured_person_id})" if one.insured_person_id != one.person_id else ""),
            FILE_STATES[one.state][0],
            f"{one.filed_at:%d/%m/%Y}",
            f"[red]{due}[/red]" if late else due,
            ", ".join(missing["vi"] for missing in one.missing),
        )
    return table


def show_file(one: File, paused: Sequence[PauseLine], told: Sequence[AlertLine]) -> None:
    """Print a file: who, what, where it stands, what is missing and what to do, its clock."""
    vi, en = FILE_KINDS[one.kind]
    out.rule(f"Hồ sơ {one.application_id} · {vi} · {en}", align="left")
    grid = Table.grid(padding=(0, 2))
    grid.add_row("Người nộp · applicant", f"#{one.person_id}")
    if one.insured_person_id != one.person_id:
        grid.add_row("Người tham gia đã chết · deceased", f"#{one.insured_person_id}")
    grid.add_row("Trạng thái · state", " · ".join(FILE_STATES[one.state]))
    days = f", {one.deadline_days} ngày làm việc" if one.deadline_days else ""
    grid.add_row(
        "Hạn giải quyết · due", f"{_day(one.due_on)}{days}" if one.due_on else "văn bản chưa rõ · deadline not known"
    )
    out.print(grid)
    for missing in one.missing:
        out.print(
            f"  [yellow]Thiếu[/yellow] {missing['vi']}: {missing['do_vi']}".replace("HỒ-SƠ", str(one.application_id))
        )
    for pause in paused:
        until = f"đến {pause.ended_at:%d/%m/%Y}" if pause.ended_at else f"chờ đến hết {_day(pause.until_on)}"
        what = ", ".join(part["vi"] for part in pause.what)
        out.print(f"  Không tính thời gian từ {pause.paused_at:%d/%m/%Y} {until}: {what}", style="dim", markup=False)
    for alert in told:
        out.print(f"  {_alert(alert)}", markup=False)


def show_decision(kept: DecisionKept, language: Language = Language.VI) -> None:
    """Print a decision as it was taken: outcome, awards, facts, derivation with articles, officers."""
    granted = kept.outcome == "granted"
    words = "hưởng · granted" if granted else "không hưởng · refused"
    out.rule(f"Quyết định {kept.number} · {FILE_KINDS[kept.kind][0]}: {words}", align="left")
    if kept.because_vi:
        out.print(f"Lý do: {kept.because_vi}\nReason: {kept.because_en}", markup=False)
    for award in kept.awards:
        out.print(f"  #{award['person_id']}: {award_line(award)}")
    out.print(facts_table(kept.facts, language))
    show_steps(kept.explanation, language)
    out.print(_officers(kept), style="dim", markup=False)


def award_line(award: Mapping[str, Any]) -> str:
    """Return what is opened for somebody in a line."""
    if award["kind"] in ONCE:
        return f"{AWARD_WORDS[award['kind']]} [bold]{shown(Dong(award['amount']))}[/bold], chi tháng {_month(award['from_month'])}"
    until = f" đến hết tháng {_month(_before(award['until_month']))}" if award["until_month"] else ""
    amount = shown(Dong(award["amount"]))
    return f"{AWARD_WORDS[award['kind']]} [bold]{amount}[/bold] từ tháng {_month(award['from_month'])}{until}"


def facts_table(facts: Sequence[Mapping[str, str]], language: Language = Language.VI) -> Table:
    """Return the facts a decision rests on, each with who says so."""
    table = Table(title="Dữ kiện · facts", title_justify="left", box=None, padding=(0, 2))
    for name in ("dữ kiện · fact", "giá trị · value", "nguồn · source"):
        table.add_column(name, overflow="fold")
    for one in facts:
        table.add_row(one[language.value], one["value"], one[f"source_{language}"])
    return table


def show_steps(explanation: Mapping[str, Any], language: Language = Language.VI) -> None:
    """Print a stored derivation as sentences with their articles, and the table of the average salary."""
    reference = "reference_vi" if language is Language.VI else "reference"
    for number, step in enumerate(explanation["steps"], start=1):
        who = f"{step['person']}: " if step["person"] else ""
        out.print(f"{number:>3}. {who}{step[language.value]}", markup=False)
        cited = [step[reference], *(one[reference] for one in step["parameters"])]
        out.print(f"     [{'; '.join(dict.fromkeys(cited))}]", markup=False, style="dim")
        if step["lines"]:
            out.print(_average(step["lines"]))


def show_simulation(found: Simulated, language: Language = Language.VI) -> None:
    """Print a simulated pension, what it assumes, and its derivation."""
    results = found.results
    out.rule(f"Lương hưu từ tháng {_month(found.from_month)} (còn {found.months_until} tháng)", align="left")
    rate = f"{results['pension_rate']:g}".replace(".", ",")
    out.print(f"[bold]{shown(Dong(found.pension))}[/bold] một tháng, theo giá trị hiện nay; tỷ lệ {rate} %.")
    for one in found.assumptions:
        out.print(f"  Giả định · assumed: {one.vi} · {one.en}", markup=False)
    if found.unknown_parameters:
        first, last = found.unknown_parameters[0], found.unknown_parameters[-1]
        span = first if first == last else f"{first} … {last}"
        out.print(f"  Chưa ai biết · not known yet: {span}", markup=False)
    show_steps(found.explanation, language)
    out.print("Không lưu gì; không phải quyết định. · Nothing is stored; this is no decision.", style="dim")


def deadlines_table(found: Sequence[tuple[FileKind | None, Deadline]], day: date) -> Table:
    """Return legal deadlines with their sources."""
    table = Table(title=f"Thời hạn ngày {_day(day)} · legal deadlines", title_justify="left")
    for name in ("việc · what", "ngày làm việc · working days", "căn cứ · source", "chắc chắn · confidence"):
        table.add_column(name, overflow="fold")
    for kind, one in found:
        what = f"{FILE_KINDS[kind][0]} ({one.vi.lower()})" if kind else one.vi
        table.add_row(what, "chưa rõ" if one.days is None else str(one.days), one.reference_vi, one.confidence)
    return table


def alerts_table(told: Sequence[AlertLine]) -> Table:
    """Return alerts, the newest first."""
    table = Table(title="Cảnh báo · alerts", title_justify="left")
    for name in ("hồ sơ · file", "cảnh báo · alert"):
        table.add_column(name, overflow="fold")
    for one in told:
        table.add_row(str(one.application_id), _alert(one))
    return table


def _alert(one: AlertLine) -> str:
    sorry = f"; xin lỗi và hẹn lại ngày {_day(one.new_due_on)}" if one.new_due_on else ""
    return f"{_day(one.raised_on)} {_ALERTS[one.kind]} {_day(one.due_on)}: {one.because_vi}{sorry}"


def _officers(kept: DecisionKept) -> str:
    told = f"Lập: {kept.prepared_by}, {kept.prepared_at:%d/%m/%Y}. "
    if kept.approved_by:
        return told + f"Duyệt: {kept.approved_by}, {_day(kept.decided_on)}."
    if kept.returned_by:
        return told + f"Trả lại: {kept.returned_by}: {kept.returned_because}."
    return told + f"{FILE_STATES[FileState.PREPARED][0].capitalize()}."


def _average(lines: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2))
    for title in ("năm · year", "tháng · months", "mức đóng · pay", "mức điều chỉnh · ×", "thành tiền · amount"):
        table.add_column(title, justify="right")
    for one in lines:
        coefficient = f"{one['coefficient_hundredths'] / 100:.2f}".replace(".", ",")
        amount = counted((one["amount_hundredths"] + 50) // 100)
        table.add_row(str(one["year"]), str(one["months"]), counted(one["wage"]), coefficient, amount)
    return table


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _month(number: int) -> str:
    return f"{number % 100:02}/{number // 100}"


def _before(number: int) -> int:
    return number - 1 if number % 100 > 1 else number - 89
