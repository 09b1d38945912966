"""Schemes, kinds of work, whose pay it is: the words of contribution spans, and what a non-programmer may check about them."""

from __future__ import annotations

# scheme → in words
SCHEMES: dict[str, tuple[str, str]] = {
    "compulsory": ("BHXH bắt buộc", "compulsory insurance"),
    "voluntary": ("BHXH tự nguyện", "voluntary insurance"),
}

# kind of work (law 41/2024/QH15 art. 64) → in words
WORK: dict[str, tuple[str, str]] = {
    "normal": ("bình thường", "normal"),
    "heavy": ("nặng nhọc, độc hại", "heavy"),
    "specially_heavy": ("đặc biệt nặng nhọc, độc hại", "specially heavy"),
    "coal": ("khai thác than trong hầm lò", "underground coal"),
    "difficult_area": ("vùng đặc biệt khó khăn", "specially difficult area"),
}

# whose pay contributions are counted from, which decides how it is averaged (law 41/2024/QH15 art. 72)
PAY: dict[str, tuple[str, str]] = {
    "employer": ("do người sử dụng lao động quyết định", "set by the employer"),
    "state": ("do Nhà nước quy định", "set by the State"),
    "voluntary": ("thu nhập người tham gia chọn", "income the participant chose"),
}

# kind of employer → in words, and whose pay it gives unless a span says otherwise
EMPLOYERS: dict[str, tuple[str, str, str]] = {
    "state": ("cơ quan, đơn vị Nhà nước", "State body", "state"),
    "commune": ("xã, phường, đặc khu", "commune", "state"),
    "school": ("cơ sở giáo dục", "school", "state"),
    "armed_forces": ("lực lượng vũ trang", "armed forces", "state"),
    "enterprise": ("doanh nghiệp", "enterprise", "employer"),
    "foreign": ("doanh nghiệp có vốn đầu tư nước ngoài", "foreign-owned enterprise", "employer"),
    "cooperative": ("hợp tác xã", "cooperative", "employer"),
}


def pay_of(scheme: str, stated: str | None, employer_kind: str | None) -> str:
    """Return whose pay a span's wage is: as stated, else as the kind of employer gives it."""
    if scheme == "voluntary":
        return "voluntary"
    return stated or EMPLOYERS.get(employer_kind or "", ("", "", "employer"))[2]
