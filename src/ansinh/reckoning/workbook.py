"""The trial balance as a workbook (XLSX): both languages, whole đồng, sums written as values that agree, and nothing a sheet could take for a formula."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # ships no types

from ansinh.reckoning.trial_balance import Line, TrialBalance, last_day

SHEET = "Bảng cân đối"
TITLE = ("BẢNG CÂN ĐỐI SỐ PHÁT SINH CÁC TÀI KHOẢN CHI TRẢ", "Trial balance of the payment ledger")
HEADINGS = (
    ("Số hiệu", "Account"),
    ("Mã", "Key"),
    ("Tên tài khoản", "Name (Vietnamese)"),
    ("Tên tiếng Anh", "Name (English)"),
    ("Dư nợ đầu kỳ", "Opening debit"),
    ("Dư có đầu kỳ", "Opening credit"),
    ("Phát sinh nợ", "Debited"),
    ("Phát sinh có", "Credited"),
    ("Dư nợ cuối kỳ", "Closing debit"),
    ("Dư có cuối kỳ", "Closing credit"),
)
FIRST_LINE = 6
_TEXTS = 4
# Points between thousands whatever the reader's own language: 0x42A is Vietnamese (Viet Nam).
NUMBER = '[$-42A]#,##0;[Red]-#,##0;"–"'
_WIDTHS = (10, 14, 38, 34, 20, 20, 20, 20, 20, 20)


def write_workbook(balance: TrialBalance, file: Path, agency: str = "Bảo hiểm xã hội Việt Nam") -> None:
    """Write the workbook; the file appears whole or not at all."""
    growing = file.with_name(f"{file.name}.part")
    # Texts stay texts: nothing that begins like a formula, an address or a number becomes one.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(growing, options) as book:
        book.set_properties({"title": f"{TITLE[0]} {balance.month}", "comments": ""})
        sheet = book.add_worksheet(SHEET)
        _head(
            sheet,
            balance,
            agency,
            book.add_format({"bold": True}),
            book.add_format({"italic": True, "font_color": "#555555"}),
        )
        heading = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#E8EEF4",
            }
        )
        for column, (vi, en) in enumerate(HEADINGS):
            sheet.write_string(FIRST_LINE - 1, column, f"{vi}\n{en}", heading)
            sheet.set_column(column, column, _WIDTHS[column])
        text, money = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": NUMBER})
        for place, line in enumerate(balance.lines):
            _line(sheet, FIRST_LINE + place, line, text, money)
        total = book.add_format({"bold": True, "border": 1, "num_format": NUMBER})
        _sums(sheet, FIRST_LINE + len(balance.lines), balance, total)
        sheet.freeze_panes(FIRST_LINE, _TEXTS)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_LINE - 1)
    growing.replace(file)


def cells_of(line: Line) -> tuple[int, int, int, int, int, int]:
    """Return a line's figures, each balance on its side."""
    return (
        max(line.opening, 0),
        max(-line.opening, 0),
        line.debited,
        line.credited,
        max(line.closing, 0),
        max(-line.closing, 0),
    )


def _head(sheet: Worksheet, balance: TrialBalance, agency: str, bold: Format, light: Format) -> None:
    day = last_day(balance.month)
    sheet.write_string(0, 0, agency, bold)
    sheet.write_string(1, 0, TITLE[0], bold)
    sheet.write_string(2, 0, TITLE[1], light)
    sheet.write_string(
        3,
        0,
        f"Tháng {balance.month % 100:02}/{balance.month // 100}, đến ngày {day:%d/%m/%Y} · Month {balance.month}, up to {day:%Y-%m-%d}",
        light,
    )
    sheet.write_string(4, 0, "Đơn vị tính: đồng · Unit: đồng", light)


def _line(sheet: Worksheet, row: int, line: Line, text: Format, money: Format) -> None:
    for column, words in enumerate((str(line.account), line.key, line.vi, line.en)):
        sheet.write_string(row, column, words, text)
    for column, amount in enumerate(cells_of(line), start=_TEXTS):
        sheet.write_number(row, column, amount, money)


def _sums(sheet: Worksheet, row: int, balance: TrialBalance, total: Format) -> None:
    sheet.write_string(row, 0, "Cộng · Total", total)
    for column in range(1, _TEXTS):
        sheet.write_blank(row, column, None, total)
    for column, amount in enumerate(balance.columns(), start=_TEXTS):
        sheet.write_number(row, column, amount, total)
