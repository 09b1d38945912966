"""The sandbox: an account that only rehearses is answered by magic numbers and reaches nobody's record, nor the audit.

The last three digits of the number asked for say the code; `contracts/dialect/README.md` has the table. Other endings answer 050.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ansinh.gateway.dialect.answers import REFUSALS, Render, card_answer
from ansinh.gateway.dialect.particulars import Particulars

# Codes under which a card is told, with the clerk's sentence.
TOLD = {
    "000": "Thẻ còn giá trị sử dụng.",
    "001": "Thẻ do BHXH Bộ Quốc phòng quản lý: kiểm tra thẻ và giấy tờ tùy thân của người bệnh.",
    "002": "Thẻ do BHXH Công an nhân dân quản lý: kiểm tra thẻ và giấy tờ tùy thân của người bệnh.",
    "003": "Thẻ cũ hết giá trị, đã cấp thẻ mới: dùng thẻ mới.",
    "004": "Thẻ cũ còn giá trị, đã cấp thẻ mới.",
    "010": "Thẻ hết giá trị sử dụng.",
    "110": "Thẻ đã bị thu hồi: không dùng được.",
    "120": "Thẻ đã báo giảm: hỏi lại cơ quan BHXH.",
    "121": "Thẻ đã báo giảm: chuyển ngoại tỉnh. Hỏi người bệnh thẻ mới.",
    "122": "Thẻ đã báo giảm: chuyển nội tỉnh. Hỏi người bệnh thẻ mới.",
    "123": "Thẻ đã báo giảm: tăng lại tại cùng đơn vị. Hỏi người bệnh thẻ mới.",
    "124": "Thẻ đã báo giảm: ngừng tham gia.",
    "130": "Trẻ em chưa có thẻ để xuất trình: xem giấy khai sinh hoặc giấy chứng sinh.",
}
_NEW = {
    "maTheMoi": "HT3019900000999",
    "gtTheTuMoi": "01/07/2025",
    "gtTheDenMoi": "31/12/2027",
    "maDKBDMoi": "01004",
    "tenDKBDMoi": "Bệnh viện mẫu",
}


def answer(call: str, asked: Particulars, refuse: Render) -> bytes:
    """Answer a rehearsed question: the holder is whoever was asked for."""
    code = asked.key[-3:]
    if code not in TOLD:
        code = code if code in REFUSALS else "050"
        return refuse(code, REFUSALS[code])
    born = "/".join(f"{part:02d}" for part in (asked.day, asked.month, asked.year) if part)
    if call == "visits":
        return msgspec.json.encode({"maKetQua": code, "ghiChu": TOLD[code], "maThe": asked.key, "dsLichSuKCB2025": []})
    if call == "copayments":
        return msgspec.json.encode(_copayments(asked, born))
    expired = code in {"003", "010"}
    return card_answer(
        {
            "maKetQua": code,
            "ghiChu": f"{TOLD[code]} Họ tên: {asked.name}; ngày sinh: {born}. Dữ liệu thử nghiệm.",
            "maThe": "" if code == "130" else "DN4019900000000",
            "hoTen": asked.name,
            "ngaySinh": born,
            "gioiTinh": "Nữ",
            "diaChi": "Phường Mẫu, Thành phố Hà Nội",
            "maDKBD": "01004",
            "cqBHXH": "Bảo hiểm xã hội Thành phố Hà Nội",
            "gtTheTu": "01/01/2024",
            "gtTheDen": "31/12/2024" if expired else "31/12/2027",
            "ngayDu5Nam": "01/01/2029",
            "maSoBHXH": "9900000000",
            **(_NEW if code in {"003", "004"} else {}),
        }
    )


def _copayments(asked: Particulars, born: str) -> dict[str, Any]:
    return {
        "MaKetQua": "200",
        "GhiChu": "Dữ liệu thử nghiệm.",
        "DataCCT": [],
        "ThongTinSoThe": {
            "hoTen": asked.name,
            "ngaySinh": born,
            "ngayKetThuc": "31/12/2027",
            "maBhxh": "9900000000",
            "maThe": "DN4019900000000",
        },
    }
