"""The trial balance as a workbook, read back by a foreign reader."""

from __future__ import annotations

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # its types are a package of their own
from hypothesis import given
from hypothesis import strategies as st

from ansinh.reckoning.trial_balance import Line, TrialBalance
from ansinh.reckoning.workbook import FIRST_LINE, HEADINGS, NUMBER, SHEET, cells_of, write_workbook

LINES = (
    Line(101, "pension_fund", "Quỹ hưu trí, tử tuất", "Pension fund", 3_400_000_000_000, 900_719_925_474_099, 0),
    Line(200, "clearing", "=cmd|' /C calc'!A0", "+1+1", -3_400_000_000_000, 0, 900_719_925_474_099),
    Line(300_001, "cash:01", "@SUM(1)", "https://a.example/x", 0, 5, 5),
)


def rows_of(file: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(file)[SHEET]
    return [[cell.value for cell in line] for line in sheet.iter_rows(min_row=FIRST_LINE + 1)]


def test_figures_are_values_that_agree_in_both_languages(tmp_path: Path) -> None:
    balance = TrialBalance(202507, LINES)
    write_workbook(balance, tmp_path / "t.xlsx")
    found = rows_of(tmp_path / "t.xlsx")
    assert found[0][4:] == [3_400_000_000_000, 0, 900_719_925_474_099, 0, 904_119_925_474_099, 0]
    *lines, sums = found
    assert len(lines) == len(LINES)
    # A sheet tells fifteen digits exactly; what is paid in years stays below.
    assert sums[4:8] == [sum(line[column] for line in lines) for column in range(4, 8)]  # type: ignore[misc]
    assert sums[4] == sums[5]
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")[SHEET]
    heads = [cell.value for cell in sheet[FIRST_LINE]]
    assert heads == [f"{vi}\n{en}" for vi, en in HEADINGS]
    assert sheet.cell(FIRST_LINE + 1, 5).number_format == NUMBER
    assert "07/2025, đến ngày 31/07/2025" in str(sheet["A4"].value)
    assert not list(tmp_path.glob("*.part"))


def test_nothing_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    write_workbook(TrialBalance(202507, LINES), tmp_path / "t.xlsx", agency="=HYPERLINK(1)")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")[SHEET]
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds <= {"s", "n"}
    assert sheet["A1"].value == "=HYPERLINK(1)"
    assert sheet.cell(FIRST_LINE + 2, 3).value == "=cmd|' /C calc'!A0"
    assert not any(cell.hyperlink for line in sheet.iter_rows() for cell in line)


@given(st.integers(-(10**14), 10**14), st.integers(0, 10**14), st.integers(0, 10**14))
def test_each_balance_stands_on_one_side(opening: int, debited: int, credited: int) -> None:
    cells = cells_of(Line(1, "x", "", "", opening, debited, credited))
    assert min(cells) >= 0
    assert min(cells[0], cells[1]) == 0
    assert min(cells[4], cells[5]) == 0
    assert cells[0] - cells[1] + debited - credited == cells[4] - cells[5]
