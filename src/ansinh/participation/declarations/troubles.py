"""What may be wrong with a line of a declaration: code → why, where and what to do, in Vietnamese and English. Employers' software goes by the codes."""

from __future__ import annotations

from dataclasses import asdict, dataclass

# code → (does the line still apply, Vietnamese, English); {…} is filled in
CODES: dict[str, tuple[bool, str, str]] = {
    "missing": (False, "Thiếu “{field}”. Ghi vào ô này.", "“{field}” is missing. Fill the cell in."),
    "too_long": (False, "“{field}” dài quá {most} ký tự. Ghi ngắn lại.", "“{field}” is longer than {most} characters. Shorten it."),
    "hidden_character": (
        False,
        "“{field}” có ký tự ẩn hoặc ký tự điều khiển. Gõ lại ô này.",
        "“{field}” holds hidden or control characters. Type the cell again.",
    ),
    "formula": (
        False,
        "“{field}” là công thức. Dán giá trị, không dán công thức.",
        "“{field}” is a formula. Paste values, not formulas.",
    ),
    "too_many_cells": (False, "Dòng có nhiều ô hơn tiêu đề. Xem lại dấu phân cách.", "The line has more cells than the header. Look at the separators."),
    "unknown_act": (False, "“act” phải là một trong: {known}.", "“act” is one of: {known}."),
    "number_form": (
        False,
        "“number” phải là số định danh 12 chữ số hoặc mã số BHXH 10 chữ số.",
        "“number” is a personal number of 12 digits or an SI code of 10.",
    ),
    "number_mangled": (
        False,
        "“number” đã bị bảng tính đổi (mất số 0 ở đầu hoặc ghi dạng E+). Định dạng cột là văn bản rồi gửi lại.",
        "“number” was changed by a spreadsheet (leading zeros lost, or written with E+). Format the column as text and send again.",
    ),
    "number_unknown": (
        False,
        "Chưa có ai mang số này trong hệ thống; dòng được giữ lại và thử lại sau. Kiểm tra số, hoặc đăng ký người này trước.",
        "Nobody has this number yet; the line is kept and tried again. Check the number, or register the person first.",
    ),
    "name_differs": (
        False,
        "Họ tên không khớp với người mang số này; dòng được giữ lại. Kiểm tra số và họ tên.",
        "The name is not that of whoever has the number; the line is kept. Check number and name.",
    ),
    "month_form": (False, "“{field}” ghi như 2025-06 hoặc 06/2025.", "Write “{field}” like 2025-06 or 06/2025."),
    "month_not_real": (False, "“{field}”: không có tháng như vậy.", "“{field}”: there is no such month."),
    "month_in_future": (
        False,
        "“{field}” là tháng chưa tới. Kê khai khi tháng đó đến.",
        "“{field}” is a month to come. Declare it when it has come.",
    ),
    "month_too_early": (
        False,
        "“{field}” trước tháng 01/1995. Thời gian này cần hồ sơ giấy: gửi đề nghị điều chỉnh.",
        "“{field}” is before January 1995. Such time takes papers: ask for a correction.",
    ),
    "until_before_from": (False, "“until” phải sau “from”: đó là tháng đầu tiên không còn tính.", "“until” comes after “from”: it is the first month out."),
    "wage_form": (False, "“wage” là số đồng mỗi tháng, chỉ gồm chữ số.", "“wage” is đồng a month, in digits only."),
    "wage_negative": (False, "“wage” không thể âm.", "“wage” is never negative."),
    "wage_below_minimum": (
        False,
        "“wage” {wage} đồng thấp hơn mức thấp nhất {least} đồng của tháng {month} ({law}).",
        "“wage” {wage} đồng is below the least of {month}, {least} đồng ({law}).",
    ),
    "wage_above_cap": (
        True,
        "“wage” {wage} đồng cao hơn mức cao nhất; tính theo {most} đồng ({law}).",
        "“wage” {wage} đồng is above the most; contributions are counted on {most} đồng ({law}).",
    ),
    "limits_unknown": (
        True,
        "Chưa nạp mức lương thấp nhất, cao nhất của tháng {month}; tiền lương giữ như đã kê khai.",
        "The limits of wages of {month} are not loaded; the wage is taken as declared.",
    ),
    "yes_no": (False, "“{field}” là yes hoặc no.", "“{field}” is yes or no."),
    "unknown_work": (False, "“work” phải là một trong: {known}.", "“work” is one of: {known}."),
    "other_employer": (False, "Dòng này của đơn vị khác dòng đầu. Gửi riêng từng đơn vị.", "The line is another employer's. Send each apart."),
    "other_month": (False, "Dòng này của tháng khác với dòng đầu. Gửi riêng từng tháng.", "The line is of another month than the first. Send each apart."),
    "already_there": (
        False,
        "Người này đã có tháng đóng ở đơn vị từ {month}. Dùng “change” hoặc “correction”.",
        "This person has months with the employer from {month} on already. Use “change” or “correction”.",
    ),
    "not_there": (
        False,
        "Người này không có tháng đóng ở đơn vị vào {month}. Kiểm tra số và tháng, hoặc dùng “new”.",
        "This person has no months with the employer at {month}. Check number and month, or use “new”.",
    ),
    "book_closed": (
        False,
        "Sổ của người này ở đơn vị đã chốt đến trước {month}. Muốn sửa, gửi đề nghị điều chỉnh; cần hai cán bộ.",
        "The person's book with the employer is closed before {month}. To change it, ask for a correction; it takes two officers.",
    ),
    "book_crossed": (
        False,
        "Sổ của người này ở đơn vị có tháng ghi hai lần từ trước. Gửi đề nghị điều chỉnh để sửa trước.",
        "The person's book with the employer has months told twice from before. Ask for a correction first.",
    ),
    "withdraws_form": (False, "“withdraws” ghi như 202506/1:3 (tháng/lần:dòng).", "Write “withdraws” like 202506/1:3 (month/version:line)."),
    "withdraws_nothing": (
        False,
        "Dòng {line} không có, hoặc chưa được thực hiện, hoặc là của người khác.",
        "The line {line} is not there, was not applied, or is somebody else's.",
    ),
    "changed_since": (
        False,
        "Sau dòng {line} đã có thay đổi khác trên cùng những tháng đó. Rút thay đổi sau trước.",
        "Something else changed the same months after line {line}. Withdraw the later change first.",
    ),
    "duplicate_line": (True, "Dòng này giống dòng {line}; chỉ tính một lần.", "The line is the same as line {line}; it counts once."),
}  # fmt: skip

# These do not reject a line but put it aside: it is tried again when the person is known.
PARKED = frozenset({"number_unknown", "name_differs"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing about a cell of a line: where, which, and in words."""

    field: str
    code: str
    vi: str
    en: str

    @property
    def only_a_warning(self) -> bool:
        """Tell whether the line applies all the same."""
        return CODES[self.code][0]

    def stored(self) -> dict[str, str]:
        """Return the trouble as it is kept with the line."""
        return asdict(self)


class LineTrouble(Exception):
    """A line cannot be applied; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.en)
        self.trouble = trouble


def trouble(code: str, field: str = "", **facts: str | int) -> Trouble:
    """Return the trouble of a code at a cell, its words filled in."""
    _, vi, en = CODES[code]
    return Trouble(field, code, vi.format(field=field, **facts), en.format(field=field, **facts))


def month_shown(month: int) -> str:
    """Return a month as people write it."""
    return f"{month % 100:02}/{month // 100}"
